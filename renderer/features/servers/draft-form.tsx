import { ClipboardPaste } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement, SyntheticEvent } from 'react';
import type { SecretStorage } from '../../../src/shared/contract/messages.ts';
import { draftFromConfig, EMPTY_DRAFT, looksLikeConfig, readDraft } from '../../model/server-draft.ts';
import type { DraftErrors, ServerDraft, ServerProposal } from '../../model/server-draft.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { MoreOptions } from './more-options.tsx';
import { PairFields } from './pair-fields.tsx';
import { PasteForm } from './paste-form.tsx';
import { SecretNote } from './secret-note.tsx';
import { TransportSwitch } from './transport-switch.tsx';

export interface DraftFormProps {
  readonly initial: ServerDraft;
  readonly storage: SecretStorage;
  readonly busy: boolean;
  /** What the host found wrong, in words. */
  readonly complaint: string | null;
  readonly onSubmit: (proposal: ServerProposal, draft: ServerDraft) => void;
  readonly onCancel: () => void;
}

export function DraftForm({ initial, storage, busy, complaint, onSubmit, onCancel }: DraftFormProps): ReactElement {
  const [draft, setDraft] = useState(initial);
  const [errors, setErrors] = useState<DraftErrors>({});
  const [pasting, setPasting] = useState(false);
  const change = (changed: Partial<ServerDraft>): void => {
    // A snippet pasted where a name or a command goes fills the whole form.
    const typed = changed.name ?? changed.command ?? '';
    const pasted = looksLikeConfig(typed) ? draftFromConfig(typed) : null;
    setDraft(pasted?.ok === true ? { ...EMPTY_DRAFT, ...pasted.value } : { ...draft, ...changed });
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
  const fields = { draft, errors, onChange: change };
  return (
    <form onSubmit={submit} noValidate className="space-y-3.5">
      {complaint === null ? null : <Notice kind="error">{complaint}</Notice>}
      <FormField
        label="Name"
        value={draft.name}
        onChange={(name) => {
          change({ name });
        }}
        error={errors.name}
        placeholder="everything"
        hint="Part of its address and the prefix of its tools."
      />
      <TransportSwitch
        type={draft.type}
        onChange={(type) => {
          change({ type });
        }}
      />
      {draft.type === 'stdio' ? <StdioFields {...fields} /> : <HttpFields {...fields} />}
      <SecretNote storage={storage} />
      <MoreOptions {...fields} />
      <div className="sticky -bottom-4 z-10 -mx-5 -mb-4 flex flex-wrap items-center gap-2 rounded-b-[10px] border-t border-line bg-raised px-5 py-3.5">
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
  readonly onChange: (changed: Partial<ServerDraft>) => void;
}

const VALUE_HINT = '${NAME} takes a value from the gateway’s own environment, so that none need be kept here.';

function StdioFields({ draft, errors, onChange }: FieldsProps): ReactElement {
  return (
    <>
      <FormField
        label="Command"
        mono
        value={draft.command}
        onChange={(command) => {
          onChange({ command });
        }}
        error={errors.command}
        placeholder="npx -y @modelcontextprotocol/server-everything"
        hint="A program, or a whole command line. It runs directly, without a shell."
      />
      <FormField
        label="Arguments"
        mono
        lines={3}
        value={draft.args}
        onChange={(args) => {
          onChange({ args });
        }}
        error={errors.args}
        hint="One a line, exactly as the program should get them."
      />
      <FormField
        label="Working directory"
        mono
        value={draft.cwd}
        onChange={(cwd) => {
          onChange({ cwd });
        }}
        error={errors.cwd}
        hint="Absolute. Empty: the gateway’s own."
      />
      <PairFields
        label="Environment"
        noun="variable"
        separator="="
        pairs={draft.env}
        error={errors.env}
        hint={VALUE_HINT}
        onChange={(env) => {
          onChange({ env });
        }}
      />
    </>
  );
}

function HttpFields({ draft, errors, onChange }: FieldsProps): ReactElement {
  const older = draft.type === 'sse';
  return (
    <>
      <FormField
        label="Address"
        mono
        value={draft.url}
        onChange={(url) => {
          onChange({ url });
        }}
        error={errors.url}
        placeholder={older ? 'https://example.com/sse' : 'https://example.com/mcp'}
        hint={
          older
            ? 'A server that speaks HTTP+SSE, as of 2024-11-05. Newer ones do not need this.'
            : 'A server that speaks MCP over Streamable HTTP.'
        }
      />
      <PairFields
        label="Headers"
        noun="header"
        separator=":"
        pairs={draft.headers}
        error={errors.headers}
        hint={`Sent with every request to this server. ${VALUE_HINT}`}
        onChange={(headers) => {
          onChange({ headers });
        }}
      />
    </>
  );
}
