import type { KeyboardEvent, ReactElement } from 'react';
import type { ServerTransport } from '../../../src/shared/domain/server.ts';

const TYPES = [
  { type: 'stdio', label: 'Start a program', note: 'stdio' },
  { type: 'http', label: 'Call an address', note: 'HTTP' },
  { type: 'sse', label: 'Older address', note: 'SSE' },
] as const;

export interface TransportSwitchProps {
  readonly type: ServerTransport;
  readonly onChange: (type: ServerTransport) => void;
}

/** One tab stop; the arrows choose, as in any group of radio buttons. */
export function TransportSwitch({ type, onChange }: TransportSwitchProps): ReactElement {
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const now = TYPES.findIndex((each) => each.type === type);
    const next = (now + step + TYPES.length) % TYPES.length;
    onChange(TYPES[next]?.type ?? 'stdio');
    event.currentTarget.querySelectorAll<HTMLElement>('[role="radio"]')[next]?.focus();
  };
  return (
    <div
      role="radiogroup"
      aria-label="How it is reached"
      onKeyDown={onKey}
      className="grid gap-1 rounded-md bg-sunken p-1 sm:grid-cols-3"
    >
      {TYPES.map(({ type: each, label, note }) => (
        <button
          key={each}
          type="button"
          role="radio"
          aria-checked={type === each}
          tabIndex={type === each ? 0 : -1}
          onClick={() => {
            onChange(each);
          }}
          className={`h-7 rounded text-xs font-medium whitespace-nowrap ${type === each ? 'bg-raised text-ink shadow-sm' : 'text-ink-3 hover:text-ink'}`}
        >
          {label} <span className="font-normal text-ink-3">· {note}</span>
        </button>
      ))}
    </div>
  );
}

const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
