import type { ReactElement } from 'react';

export interface FieldNoteProps {
  /** What the field names in its `aria-describedby`. */
  readonly id: string;
  readonly hint: string | undefined;
  readonly error: string | undefined;
}

/** Below a field: what belongs in it, or what is wrong with what is in it. */
export function FieldNote({ id, hint, error }: FieldNoteProps): ReactElement {
  return (
    <p id={id} className={`mt-0.5 text-xs ${error === undefined ? 'text-ink-3' : 'text-error'}`}>
      {error ?? hint}
    </p>
  );
}
