import { useState } from 'react';
import type { ReactElement, SyntheticEvent } from 'react';
import type { Retention } from '../../../src/shared/domain/settings.ts';
import type { StoreStats } from '../../../src/shared/domain/trace.ts';
import { draftOfRetention, readRetention, retentionLosses } from '../../model/retention-draft.ts';
import type { RetentionDraft, RetentionErrors } from '../../model/retention-draft.ts';
import { Button } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Notice } from '../../ui/notice.tsx';

export interface RetentionFormProps {
  /** In force now. */
  readonly retention: Retention;
  readonly stats: StoreStats | null;
  readonly disabled: boolean;
  readonly onSave: (retention: Retention) => void;
}

const FIELDS = [
  ['days', 'Days', 'no limit', 'Since a trace began'],
  ['traces', 'Traces', 'no limit', 'At most'],
  ['megabytes', 'MiB', '', 'Of spans and bodies'],
] as const;

/** The limits of what is kept. They wait for a button: what goes because of them does not come back. */
export function RetentionForm({ retention, stats, disabled, onSave }: RetentionFormProps): ReactElement {
  const saved = draftOfRetention(retention);
  const key = JSON.stringify(saved);
  const [known, setKnown] = useState(key);
  const [draft, setDraft] = useState<RetentionDraft>(saved);
  const [errors, setErrors] = useState<RetentionErrors>({});
  const reset = (): void => {
    setDraft(saved);
    setErrors({});
  };
  if (known !== key) {
    setKnown(key);
    reset();
  }
  const isChanged = JSON.stringify(draft) !== key;
  const read = readRetention(draft);
  const losses = isChanged && read.ok ? retentionLosses(retention, read.value, stats) : [];
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (read.ok) onSave(read.value);
    else setErrors(read.error);
  };
  return (
    <form onSubmit={submit} noValidate className="mt-2 max-w-[520px]">
      <fieldset disabled={disabled} className="grid grid-cols-3 gap-3 disabled:opacity-60">
        {FIELDS.map(([field, label, placeholder, hint]) => (
          <FormField
            key={field}
            label={label}
            value={draft[field]}
            placeholder={placeholder}
            hint={hint}
            error={errors[field]}
            onChange={(text) => {
              setDraft({ ...draft, [field]: text });
              setErrors({});
            }}
          />
        ))}
      </fieldset>
      {losses.length === 0 ? null : (
        <Notice kind="warn" className="mt-2">
          {losses.join(' ')} They cannot be had back.
        </Notice>
      )}
      {isChanged ? (
        <div className="mt-2 flex gap-2">
          <Button type="submit" look="solid" size="small">
            Keep so much
          </Button>
          <Button size="small" look="quiet" onClick={reset}>
            Leave it
          </Button>
        </div>
      ) : null}
    </form>
  );
}
