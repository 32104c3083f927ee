import { useId } from 'react';
import type { ReactElement } from 'react';
import type { DraftErrors, ServerDraft } from '../../model/server-draft.ts';
import { FieldNote } from '../../ui/field-note.tsx';
import { Fold } from '../../ui/fold.tsx';
import { FormField } from '../../ui/form-field.tsx';

export interface MoreOptionsProps {
  readonly draft: ServerDraft;
  readonly errors: DraftErrors;
  readonly onChange: (changed: Partial<ServerDraft>) => void;
}

const SESSIONS = [
  ['default', 'As the gateway does by itself'],
  ['dedicated', 'One per client'],
  ['shared', 'One for all clients'],
] as const;

const IDLE_STOPS = [
  ['', 'As the gateway does by itself'],
  ['0', 'Never'],
  ['5', 'After 5 minutes'],
  ['30', 'After 30 minutes'],
  ['120', 'After 2 hours'],
] as const;

/** What most servers need no word about; open when something of it is set or wrong. */
export function MoreOptions({ draft, errors, onChange }: MoreOptionsProps): ReactElement {
  const wrong = errors.prefix !== undefined || errors.idleStop !== undefined;
  return (
    <Fold
      label="More options"
      hint="prefix, session, trace context, idle stop"
      startsOpen={isSet(draft)}
      mustBeOpen={wrong}
    >
      <div className="grid gap-3.5 sm:grid-cols-2">
        <FormField
          label="Prefix"
          mono
          value={draft.prefix}
          error={errors.prefix}
          placeholder={draft.name === '' ? 'its name' : draft.name}
          hint="Begins its names at /mcp."
          onChange={(prefix) => {
            onChange({ prefix });
          }}
        />
        <Choice
          label="Stop when unused"
          value={draft.idleStop}
          choices={withOwn(IDLE_STOPS, draft.idleStop)}
          hint={errors.idleStop ?? 'It wakes with the next call.'}
          onChange={(idleStop) => {
            onChange({ idleStop });
          }}
        />
      </div>
      <Choice
        label="Session with the server"
        value={draft.session}
        choices={SESSIONS}
        hint="One per client, where a server remembers what its client did or asks it questions."
        onChange={(session) => {
          onChange({ session: SESSIONS.find(([each]) => each === session)?.[0] ?? 'default' });
        }}
      />
      <label className="flex items-start gap-2 text-sm">
        <input
          type="checkbox"
          checked={draft.traceContext}
          onChange={(event) => {
            onChange({ traceContext: event.target.checked });
          }}
          className="mt-[3px] accent-accent"
        />
        <span>
          Send trace context to this server
          <span className="block text-xs text-ink-3">
            Lets its own spans join the trace. Its calls are traced here either way.
          </span>
        </span>
      </label>
    </Fold>
  );
}

function isSet(draft: ServerDraft): boolean {
  return draft.prefix !== '' || draft.session !== 'default' || !draft.traceContext || draft.idleStop !== '';
}

type Choices = readonly (readonly [value: string, label: string])[];

/** A pasted configuration may hold a time that the list has not. */
function withOwn(choices: Choices, value: string): Choices {
  return choices.some(([each]) => each === value) ? choices : [...choices, [value, `After ${value} minutes`]];
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: Choices;
  readonly hint: string;
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, choices, hint, onChange }: ChoiceProps): ReactElement {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-ink">
        {label}
      </label>
      <select
        id={id}
        value={value}
        aria-describedby={`${id}-note`}
        onChange={(event) => {
          onChange(event.target.value);
        }}
        className="field text-sm"
      >
        {choices.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
      <FieldNote id={`${id}-note`} hint={hint} error={undefined} />
    </div>
  );
}
