import { ClipboardPaste } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement, SyntheticEvent } from 'react';
import { draftFromConfig, EMPTY_DRAFT, looksLikeConfig, readDraft } from '../../model/server-draft.ts';
import type { DraftErrors, DraftField, ServerDraft, ServerProposal } from '../../model/server-draft.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { FormField } from './form-field.tsx';

export interface DraftFormProps {
  readonly initial: ServerDraft;
  readonly busy: boolean;
  /** What the host found wrong, in words. */
  readonly complaint: string | null;
  readonly onSubmit: (proposal: ServerProposal, draft: ServerDraft) => void;
  readonly onCancel: () => void;
}

export function DraftForm({ initial, busy, complaint, onSubmit, onCancel }: DraftFormProps): ReactElement {
  const [draft, setDraft] = useState(initial);
  const [errors, setErrors] = useState<DraftErrors>({});
  const [pasting, setPasting] = useState(false);
  const set = (field: DraftField) => (value: string) => {
    // A snippet pasted where a name or a command goes fills the whole form.
    const pasted = looksLikeConfig(value) ? draftFromConfig(value) : null;
    setDraft(pasted?.ok === true ? { ...EMPTY_DRAFT, ...pasted.value } : { ...draft, [field]: value });
    setErrors({});
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const read = readDraft(draft);
    if (read.ok) onSubmit(read.value, draft);
    else setErrors(read.error);
  };
  if (pasting) {
    return (
      <PasteForm
        onBack={() => {
          setPasting(false);
        }}
        onRead={(read) => {
          setDraft(read);
          setErrors({});
          setPasting(false);
        }}
      />
    );
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-3.5">
      {complaint === null ? null : <Notice kind="error">{complaint}</Notice>}
      <FormField
        label="Name"
        value={draft.name}
        onChange={set('name')}
        error={errors.name}
        placeholder="everything"
        hint="Part of its address and the prefix of its tools."
      />
      <TypeSwitch
        type={draft.type}
        onChange={(type) => {
          setDraft({ ...draft, type });
          setErrors({});
        }}
      />
      {draft.type === 'stdio' ? (
        <StdioFields draft={draft} errors={errors} set={set} />
      ) : (
        <HttpFields draft={draft} errors={errors} set={set} />
      )}
      <div className="flex flex-wrap items-center gap-2 border-t border-line pt-3.5">
        <Button
          look="quiet"
          onClick={() => {
            setPasting(true);
          }}
          className="-ml-2"
        >
          <ClipboardPaste size={14} aria-hidden />
          Paste JSON
        </Button>
        <span className="ml-auto" />
        <Button onClick={onCancel}>Cancel</Button>
        <Button look="solid" type="submit" disabled={busy}>
          Review…
        </Button>
      </div>
    </form>
  );
}

interface FieldsProps {
  readonly draft: ServerDraft;
  readonly errors: DraftErrors;
  readonly set: (field: DraftField) => (value: string) => void;
}

function StdioFields({ draft, errors, set }: FieldsProps): ReactElement {
  return (
    <>
      <FormField
        label="Command"
        mono
        value={draft.command}
        onChange={set('command')}
        error={errors.command}
        placeholder="npx -y @modelcontextprotocol/server-everything"
        hint="A program, or a whole command line. It runs directly, without a shell."
      />
      <FormField
        label="Arguments"
        mono
        lines={3}
        value={draft.args}
        onChange={set('args')}
        error={errors.args}
        hint="One a line, exactly as the program should get them."
      />
      <div className="grid gap-3.5 sm:grid-cols-2">
        <FormField
          label="Environment"
          mono
          lines={2}
          value={draft.env}
          onChange={set('env')}
          error={errors.env}
          placeholder="API_KEY=…"
          hint="NAME=value, one a line."
        />
        <FormField
          label="Working directory"
          mono
          value={draft.cwd}
          onChange={set('cwd')}
          error={errors.cwd}
          hint="Absolute. Empty: the gateway’s own."
        />
      </div>
    </>
  );
}

function HttpFields({ draft, errors, set }: FieldsProps): ReactElement {
  return (
    <>
      <FormField
        label="Address"
        mono
        value={draft.url}
        onChange={set('url')}
        error={errors.url}
        placeholder="https://example.com/mcp"
        hint="A server that speaks MCP over Streamable HTTP."
      />
      <FormField
        label="Headers"
        mono
        lines={3}
        value={draft.headers}
        onChange={set('headers')}
        error={errors.headers}
        placeholder="Authorization: Bearer …"
        hint="Name: value, one a line. Sent with every request to this server."
      />
    </>
  );
}

const TYPES = [
  { type: 'stdio', label: 'Start a program', note: 'stdio' },
  { type: 'http', label: 'Call an address', note: 'HTTP' },
] as const;

function TypeSwitch(props: { type: ServerDraft['type']; onChange: (type: ServerDraft['type']) => void }): ReactElement {
  return (
    <div role="radiogroup" aria-label="How it is reached" className="grid grid-cols-2 gap-1 rounded-md bg-sunken p-1">
      {TYPES.map(({ type, label, note }) => (
        <button
          key={type}
          type="button"
          role="radio"
          aria-checked={props.type === type}
          onClick={() => {
            props.onChange(type);
          }}
          className={`h-7 rounded text-xs font-medium ${props.type === type ? 'bg-raised text-ink shadow-sm' : 'text-ink-3 hover:text-ink'}`}
        >
          {label} <span className="font-normal text-ink-3">· {note}</span>
        </button>
      ))}
    </div>
  );
}

function PasteForm({ onBack, onRead }: { onBack: () => void; onRead: (draft: ServerDraft) => void }): ReactElement {
  const [text, setText] = useState('');
  const [error, setError] = useState<string | undefined>(undefined);
  return (
    <div className="space-y-3.5">
      <FormField
        label="One server of an mcpServers configuration"
        mono
        lines={10}
        value={text}
        onChange={(value) => {
          setText(value);
          setError(undefined);
        }}
        error={error}
        placeholder={'{\n  "mcpServers": {\n    "everything": { "command": "npx", "args": ["-y", "…"] }\n  }\n}'}
        hint="It fills the form; nothing is started."
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>Back</Button>
        <Button
          look="solid"
          onClick={() => {
            const read = draftFromConfig(text);
            if (read.ok) onRead(read.value);
            else setError(read.error);
          }}
        >
          Fill the form
        </Button>
      </div>
    </div>
  );
}
