import { Search, X } from 'lucide-react';
import type { ReactElement, Ref } from 'react';

export interface SearchBoxProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label: string;
  readonly placeholder: string;
  readonly className?: string;
  readonly ref?: Ref<HTMLInputElement>;
}

/** A small box that narrows what is beside it. Escape empties it first. */
export function SearchBox({ value, onChange, label, placeholder, className = '', ref }: SearchBoxProps): ReactElement {
  return (
    <div
      className={`flex h-6 items-center gap-1.5 rounded border border-line-strong bg-raised px-1.5 text-ink-3 focus-within:border-accent ${className}`}
    >
      <Search size={12} className="shrink-0" aria-hidden />
      <input
        ref={ref}
        type="text"
        value={value}
        spellCheck={false}
        autoComplete="off"
        aria-label={label}
        placeholder={placeholder}
        onChange={(event) => {
          onChange(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || value === '') return;
          event.preventDefault();
          event.stopPropagation();
          onChange('');
        }}
        className="h-full w-full min-w-0 bg-transparent text-xs text-ink outline-none placeholder:text-ink-3"
      />
      {value === '' ? null : (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => {
            onChange('');
          }}
          className="-mr-1 flex size-[18px] shrink-0 items-center justify-center rounded hover:bg-hover hover:text-ink"
        >
          <X size={12} aria-hidden />
        </button>
      )}
    </div>
  );
}
