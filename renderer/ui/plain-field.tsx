import { useEffect, useId, useRef } from 'react';
import type { ReactElement } from 'react';

export interface PlainFieldProps {
  readonly label: string;
  /** In the form's data. */
  readonly name: string;
  readonly start: string;
  readonly placeholder?: string;
  readonly className?: string;
}

/** A labelled field that keeps its text to itself: what is typed is no part of the page's markup. */
export function PlainField({ label, name, start, placeholder, className = '' }: PlainFieldProps): ReactElement {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (field.current !== null) field.current.value = start;
  }, [start]);
  return (
    <div className={`min-w-0 ${className}`}>
      <label htmlFor={id} className="mb-1 block text-xs font-medium">
        {label}
      </label>
      <input
        ref={field}
        id={id}
        name={name}
        type="text"
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder}
        className="field h-[30px] font-mono text-xs"
      />
    </div>
  );
}
