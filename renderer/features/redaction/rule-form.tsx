import { useId, useState } from 'react';
import type { ReactElement, SyntheticEvent } from 'react';
import { useStore } from 'zustand';
import { KEPT_VALUE } from '../../../src/shared/domain/redaction.ts';
import type { UserRule } from '../../../src/shared/domain/redaction.ts';
import { ACTION_OPTIONS, ACTION_WORDS, MATCH_WORDS, readRuleDraft } from '../../model/rule-draft.ts';
import type { MatchType, RuleDraft, RuleErrors } from '../../model/rule-draft.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { RuleTrial } from './rule-trial.tsx';
import { takenIds } from './store.redaction.ts';
import type { RedactionStore, RuleEdit } from './store.redaction.ts';

export interface RuleFormProps {
  readonly redaction: RedactionStore;
  readonly editing: RuleEdit;
  readonly busy: boolean;
  readonly complaint: string | null;
  readonly onCancel: () => void;
  readonly onSave: (rule: UserRule) => void;
}

const TYPES: readonly MatchType[] = ['key', 'path', 'header', 'value', 'pattern'];

export function RuleForm({ redaction, editing, busy, complaint, onCancel, onSave }: RuleFormProps): ReactElement {
  const [draft, setDraft] = useState(editing.draft);
  const [errors, setErrors] = useState<RuleErrors>({});
  const feed = useStore(redaction.store, (state) => state.feed);
  const ids = takenIds(feed);
  const change = (next: Partial<RuleDraft>): void => {
    setDraft({ ...draft, ...next });
    setErrors({});
  };
  const save = (event: SyntheticEvent): void => {
    event.preventDefault();
    const read = readRuleDraft(draft, otherIds(ids, editing));
    if (read.ok) onSave(read.value);
    else setErrors(read.error);
  };
  const words = MATCH_WORDS[draft.type];
  const isKept = draft.type === 'value' && draft.text === KEPT_VALUE;
  return (
    <form onSubmit={save} noValidate className="space-y-3.5">
      {complaint === null ? null : <Notice kind="error">{complaint}</Notice>}
      <div className="grid gap-3.5 sm:grid-cols-[150px_minmax(0,1fr)]">
        <Labelled label="Look for">
          {(id) => (
            <Select
              id={id}
              label="Look for"
              size="normal"
              value={draft.type}
              options={TYPES.map((value) => ({ value, label: MATCH_WORDS[value].label }))}
              onChange={(type) => {
                change({ type, text: draft.text === KEPT_VALUE ? '' : draft.text });
              }}
            />
          )}
        </Labelled>
        <FormField
          label={words.field}
          value={draft.text}
          error={errors.text}
          placeholder={words.placeholder}
          hint={isKept ? 'The text that is kept. Write another to replace it.' : words.hint}
          mono
          onChange={(text) => {
            change({ text });
          }}
        />
      </div>
      <div className="grid gap-3.5 sm:grid-cols-[150px_minmax(0,1fr)]">
        <Labelled label="Leave" hint={`${ACTION_WORDS[draft.action].hint}.`}>
          {(id) => (
            <Select
              id={id}
              label="Leave"
              size="normal"
              value={draft.action}
              options={ACTION_OPTIONS}
              onChange={(action) => {
                change({ action });
              }}
            />
          )}
        </Labelled>
        <FormField
          label="Id"
          value={draft.id}
          error={errors.id}
          placeholder="customer-iban"
          hint="Stands beside everything that the rule hides."
          mono
          onChange={(id) => {
            change({ id });
          }}
        />
      </div>
      <RuleTrial redaction={redaction} draft={draft} editing={editing} />
      <footer className="sticky -bottom-4 z-10 -mx-5 -mb-4 flex items-center justify-end gap-2 rounded-b-[10px] border-t border-line bg-raised px-5 py-3.5">
        <Button onClick={onCancel}>Cancel</Button>
        <Button look="solid" type="submit" disabled={busy}>
          {editing.replacing === null ? 'Add the rule' : 'Save'}
        </Button>
      </footer>
    </form>
  );
}

export function otherIds(ids: readonly string[], { replacing }: RuleEdit): readonly string[] {
  return ids.filter((id) => id !== replacing);
}

interface LabelledProps {
  readonly label: string;
  readonly hint?: string;
  readonly children: (id: string) => ReactElement;
}

function Labelled({ label, hint, children }: LabelledProps): ReactElement {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-xs font-medium">
        {label}
      </label>
      {children(id)}
      {hint === undefined ? null : <p className="mt-0.5 text-xs text-ink-3">{hint}</p>}
    </div>
  );
}
