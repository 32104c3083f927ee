import { useEffect, useRef } from 'react';
import type { ReactElement } from 'react';

export interface PlainAreaProps {
  readonly label: string;
  /** What stands in it; written there only when it was not typed there. */
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly placeholder?: string;
  readonly rows?: number;
  readonly className?: string;
}

/** A text area that keeps its text to itself: what is pasted is no part of the page's markup. */
export function PlainArea({ label, text, onChange, placeholder, rows, className = '' }: PlainAreaProps): ReactElement {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (area.current !== null && area.current.value !== text) area.current.value = text;
  }, [text]);
  return (
    <textarea
      ref={area}
      aria-label={label}
      placeholder={placeholder}
      rows={rows}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => {
        onChange(event.target.value);
      }}
      className={`field font-mono text-xs ${className}`}
    />
  );
}
