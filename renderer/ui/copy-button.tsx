import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';

const CONFIRM_MS = 1_500;

export interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  /** Shows the word beside the icon. */
  readonly wide?: boolean;
  readonly className?: string;
}

export function CopyButton({ text, label, wide = false, className = '' }: CopyButtonProps): ReactElement {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (outcome === 'idle') return undefined;
    const timer = setTimeout(() => {
      setOutcome('idle');
    }, CONFIRM_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [outcome]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => {
        setOutcome('copied');
      },
      () => {
        setOutcome('failed');
      },
    );
  };
  const word = { idle: 'Copy', copied: 'Copied', failed: 'Not allowed' }[outcome];
  const name = outcome === 'idle' ? label : word;
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={name}
      title={name}
      className={`inline-flex h-6 shrink-0 items-center gap-1 rounded px-1.5 text-xs text-ink-2 hover:bg-hover hover:text-ink ${className}`}
    >
      {outcome === 'copied' ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
      {wide ? <span>{word}</span> : null}
      <span className="sr-only" role="status">
        {outcome === 'idle' ? '' : word}
      </span>
    </button>
  );
}
