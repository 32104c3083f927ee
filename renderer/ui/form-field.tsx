import { useId } from 'react';
import type { ReactElement } from 'react';
import { FieldNote } from './field-note.tsx';

export interface FormFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  /** More than one makes a text area. */
  readonly lines?: number;
  readonly mono?: boolean;
}

/** A labelled text field with its hint and its error in words. */
export function FormField(props: FormFieldProps): ReactElement {
  const { label, hint, error, value, onChange, placeholder, lines = 1, mono = false } = props;
  const id = useId();
  const shared = {
    id,
    value,
    placeholder,
    spellCheck: false,
    autoComplete: 'off',
    'aria-invalid': error !== undefined,
    'aria-describedby': `${id}-note`,
    className: `field ${mono ? 'font-mono text-xs' : 'text-sm'}`,
  };
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-ink">
        {label}
      </label>
      {lines > 1 ? (
        <textarea
          {...shared}
          rows={lines}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      ) : (
        <input
          {...shared}
          type="text"
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      )}
      <FieldNote id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
}
