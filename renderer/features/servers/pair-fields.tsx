import { Eye, EyeOff, Plus, X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import type { ClipboardEvent, ReactElement } from 'react';
import { EMPTY_PAIR, pairsFromText } from '../../model/pairs.ts';
import type { Pair, PairSeparator } from '../../model/pairs.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { FieldNote } from '../../ui/field-note.tsx';

export interface PairFieldsProps {
  readonly label: string;
  /** One of them: `variable` or `header`. */
  readonly noun: string;
  readonly hint: string;
  readonly error: string | undefined;
  readonly separator: PairSeparator;
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: readonly Pair[]) => void;
}

/** Names and values, one pair a row. Values may be secret: they are covered until asked for. */
export function PairFields({ label, noun, hint, error, separator, pairs, onChange }: PairFieldsProps): ReactElement {
  const id = useId();
  const group = useRef<HTMLDivElement>(null);
  const focusRow = (index: number): void => {
    requestAnimationFrame(() => {
      group.current?.querySelectorAll<HTMLElement>('[data-pair-name]')[index]?.focus();
    });
  };
  const replace = (index: number, ...next: readonly Pair[]): void => {
    onChange([...pairs.slice(0, index), ...next, ...pairs.slice(index + 1)]);
  };
  const paste = (index: number) => (event: ClipboardEvent) => {
    // A line, or a whole file of them, pasted where a name goes.
    const pasted = pairsFromText(event.clipboardData.getData('text'), separator);
    if (pasted === null) return;
    event.preventDefault();
    replace(index, ...pasted);
  };
  return (
    <div ref={group} role="group" aria-labelledby={id} aria-describedby={`${id}-note`}>
      <div className="mb-1 flex items-center justify-between">
        <span id={id} className="text-xs font-medium text-ink">
          {label}
        </span>
        <Button
          size="small"
          look="quiet"
          className="-mr-2"
          onClick={() => {
            onChange([...pairs, EMPTY_PAIR]);
            focusRow(pairs.length);
          }}
        >
          <Plus size={12} aria-hidden />
          Add a {noun}
        </Button>
      </div>
      <div className="space-y-1.5">
        {pairs.map((pair, index) => (
          <PairRow
            key={index}
            noun={noun}
            position={index + 1}
            pair={pair}
            onPaste={paste(index)}
            onChange={(next) => {
              replace(index, next);
            }}
            onRemove={() => {
              replace(index);
              focusRow(Math.max(0, index - 1));
            }}
          />
        ))}
      </div>
      <FieldNote id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
}

interface PairRowProps {
  readonly noun: string;
  readonly position: number;
  readonly pair: Pair;
  readonly onChange: (pair: Pair) => void;
  readonly onRemove: () => void;
  readonly onPaste: (event: ClipboardEvent) => void;
}

function PairRow({ noun, position, pair, onChange, onRemove, onPaste }: PairRowProps): ReactElement {
  const [shown, setShown] = useState(false);
  const what = pair.name === '' ? `${noun} ${String(position)}` : pair.name;
  const shared = { spellCheck: false, autoComplete: 'off', className: 'field font-mono text-xs' };
  return (
    <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-center gap-1.5">
      <input
        {...shared}
        data-pair-name
        type="text"
        value={pair.name}
        placeholder="Name"
        aria-label={`Name of ${noun} ${String(position)}`}
        onPaste={onPaste}
        onChange={(event) => {
          onChange({ ...pair, name: event.target.value });
        }}
      />
      <div className="relative">
        <input
          {...shared}
          type={shown ? 'text' : 'password'}
          // Keeps the browser's own offers to fill in or keep a password away from it.
          autoComplete="new-password"
          value={pair.value}
          placeholder="Value, or ${NAME}"
          aria-label={`Value of ${what}`}
          onChange={(event) => {
            onChange({ ...pair, value: event.target.value });
          }}
          className={`${shared.className} pr-7`}
        />
        <button
          type="button"
          aria-label={`${shown ? 'Cover' : 'Show'} the value of ${what}`}
          title={shown ? 'Cover' : 'Show'}
          aria-pressed={shown}
          onClick={() => {
            setShown(!shown);
          }}
          className="absolute inset-y-0 right-0.5 flex w-6 items-center justify-center rounded text-ink-3 hover:text-ink focus-visible:-outline-offset-2"
        >
          {shown ? <EyeOff size={13} aria-hidden /> : <Eye size={13} aria-hidden />}
        </button>
      </div>
      <IconButton label={`Remove ${what}`} onClick={onRemove} className="h-6 min-w-6 px-1">
        <X size={13} aria-hidden />
      </IconButton>
    </div>
  );
}
