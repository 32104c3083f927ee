import { useId } from 'react';
import type { ReactElement, ReactNode } from 'react';

export interface RadioCard<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** The word by which others know it, set apart. */
  readonly side?: string;
  readonly note?: ReactNode;
  readonly disabled?: boolean;
}

export interface RadioCardsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly cards: readonly RadioCard<Value>[];
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean;
  /** How many stand side by side where there is room. */
  readonly columns?: 1 | 2;
  readonly showLabel?: boolean;
}

/** A choice of one among few, each with a word about it. */
export function RadioCards<Value extends string>(props: RadioCardsProps<Value>): ReactElement {
  const { label, value, cards, onChange, disabled = false, columns = 2, showLabel = false } = props;
  const name = useId();
  return (
    <fieldset disabled={disabled} className="min-w-0">
      <legend className={showLabel ? 'mb-1 text-xs font-medium' : 'sr-only'}>{label}</legend>
      <div className={`grid gap-2 ${columns === 2 ? 'sm:grid-cols-2' : ''}`}>
        {cards.map((card) => (
          <label
            key={card.value}
            className="flex min-w-0 items-start gap-2 rounded-md border border-line-strong bg-raised px-2.5 py-2 has-checked:border-accent has-checked:bg-accent-soft/50 has-disabled:opacity-60 has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent not-has-disabled:hover:bg-hover"
          >
            <input
              type="radio"
              name={name}
              value={card.value}
              checked={card.value === value}
              disabled={card.disabled ?? false}
              onChange={() => {
                onChange(card.value);
              }}
              className="mt-[3px] shrink-0 accent-accent outline-none"
            />
            <span className="min-w-0 flex-1">
              <span className="flex items-baseline justify-between gap-2 text-sm font-medium">
                {card.label}
                {card.side === undefined ? null : (
                  <code className="font-mono text-2xs font-normal text-ink-3">{card.side}</code>
                )}
              </span>
              {card.note === undefined ? null : <span className="block text-xs text-ink-2">{card.note}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
