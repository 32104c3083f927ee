import { useId, useState } from 'react';
import type { ReactElement, SyntheticEvent } from 'react';
import { Button } from './button.tsx';
import { Select } from './select.tsx';
import type { SelectOption } from './select.tsx';

export interface SpanChoiceProps<Choice extends string> {
  readonly label: string;
  readonly options: readonly SelectOption<Choice>[];
  readonly value: Choice;
  /** The option for which names are asked. */
  readonly named: Choice;
  readonly names: string;
  readonly placeholder: string;
  readonly disabled?: boolean;
  /** Names hold as they are typed, where something else saves them; else on Enter or with a button. */
  readonly holdsTyped?: boolean;
  /** `names` are what stands in their field; what they mean is for the owner to read. */
  readonly onChange: (value: Choice, names: string) => void;
}

/** All, none, or spans that are named. */
export function SpanChoice<Choice extends string>(props: SpanChoiceProps<Choice>): ReactElement {
  const { label, options, value, named, names, placeholder, disabled = false, holdsTyped = false, onChange } = props;
  const id = useId();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState(names);
  const [known, setKnown] = useState(names);
  if (names !== known && !holdsTyped) {
    setKnown(names);
    setTyped(names);
  }
  const shown = asking ? named : value;
  const give = (): void => {
    if (typed.trim() === '') return;
    setAsking(false);
    onChange(named, typed);
  };
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-1.5">
      <label htmlFor={id} className="w-[72px] text-xs text-ink-2">
        {label}
      </label>
      <span className="w-[150px]">
        <Select
          id={id}
          label={label}
          value={shown}
          options={options}
          disabled={disabled}
          onChange={(next) => {
            setAsking(next === named && !holdsTyped);
            if (next !== named || holdsTyped) onChange(next, typed);
          }}
        />
      </span>
      {shown === named ? (
        <span className="flex min-w-0 flex-1 basis-[200px] items-center gap-1.5">
          <input
            type="text"
            aria-label={`Names of spans for ${label.toLowerCase()}`}
            value={typed}
            placeholder={placeholder}
            disabled={disabled}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => {
              setTyped(event.target.value);
              if (holdsTyped) onChange(named, event.target.value);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || holdsTyped) return;
              stop(event);
              give();
            }}
            className="field h-6 min-w-0 flex-1 py-0 font-mono text-xs"
          />
          {holdsTyped ? null : (
            <Button
              size="small"
              disabled={disabled || typed.trim() === '' || (typed === names && !asking)}
              onClick={give}
            >
              Apply
            </Button>
          )}
        </span>
      ) : null}
    </div>
  );
}

/** Enter names spans; it does not send the form around it. */
function stop(event: SyntheticEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
