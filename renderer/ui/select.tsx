import { ChevronDown } from 'lucide-react';
import type { ReactElement } from 'react';

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly SelectOption<Value>[];
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean;
  readonly title?: string;
  readonly id?: string;
  readonly size?: 'small' | 'normal';
}

const SIZES = { small: 'h-6 pl-1.5 text-xs', normal: 'h-[30px] pl-2 text-sm' } as const;

/** The system's own list of choices, drawn like the other fields. */
export function Select<Value extends string>(props: SelectProps<Value>): ReactElement {
  const { label, value, options, onChange, disabled = false, title, id, size = 'small' } = props;
  return (
    <span className="relative inline-flex w-full min-w-0 items-center">
      <select
        id={id}
        aria-label={id === undefined ? label : undefined}
        value={value}
        disabled={disabled}
        title={title}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
        className={`w-full min-w-0 appearance-none rounded-[5px] border border-line-strong bg-raised pr-6 text-ink hover:bg-hover disabled:opacity-55 disabled:hover:bg-raised ${SIZES[size]}`}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown size={12} className="pointer-events-none absolute right-1.5 text-ink-3" aria-hidden />
    </span>
  );
}
