import { useState } from 'react';
import type { ReactElement, SyntheticEvent } from 'react';
import { useStore } from 'zustand';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { Api } from '../../bridge/bridge.ts';
import { describeFailure } from '../../bridge/failure.ts';
import { chosenWords, EMPTY_VIRTUAL_DRAFT, readVirtualDraft, virtualDraftOf } from '../../model/virtual-draft.ts';
import type { VirtualDraft, VirtualErrors } from '../../model/virtual-draft.ts';
import { serverPath } from '../../model/endpoints.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { FormField } from '../../ui/form-field.tsx';
import type { ServersStore } from './store.servers.ts';
import { VirtualTree } from './virtual-tree.tsx';

export interface VirtualDialogProps {
  readonly api: Api;
  readonly servers: ServersStore;
  readonly open: boolean;
  /** Null makes a new one. */
  readonly editing: ServerId | null;
  readonly onClose: () => void;
}

export function VirtualDialog({ api, servers, open, editing, onClose }: VirtualDialogProps): ReactElement {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={editing === null ? 'Add a virtual server' : `Edit “${editing}”`}
      description="A chosen part of what the servers offer, at an address of its own. Names are as at /mcp."
      wide
    >
      <VirtualForm key={editing ?? ''} api={api} servers={servers} editing={editing} onClose={onClose} />
    </Dialog>
  );
}

function VirtualForm({ api, servers, editing, onClose }: Omit<VirtualDialogProps, 'open'>): ReactElement {
  const list = useStore(servers.store, (state) => state.servers);
  const [draft, setDraft] = useState<VirtualDraft>(() => startOf(servers, editing));
  const [errors, setErrors] = useState<VirtualErrors>({});
  const [complaint, setComplaint] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (next: VirtualDraft): void => {
    setDraft(next);
    setErrors({});
  };
  const save = (event: SyntheticEvent): void => {
    event.preventDefault();
    const read = readVirtualDraft(draft, servers.store.getState(), editing);
    if (!read.ok) {
      setErrors(read.error);
      return;
    }
    setBusy(true);
    setComplaint(null);
    api.virtualServers.save(read.value).then(onClose, (thrown: unknown) => {
      setComplaint(describeFailure(thrown).message);
      setBusy(false);
    });
  };
  return (
    <form onSubmit={save} noValidate className="space-y-3.5">
      {complaint === null ? null : <Notice kind="error">{complaint}</Notice>}
      <div className="grid gap-3.5 sm:grid-cols-2">
        {editing === null ? (
          <FormField
            label="Name"
            value={draft.name}
            error={errors.name}
            placeholder="research"
            hint={draft.name.trim() === '' ? 'Part of its address.' : serverPath(draft.name.trim() as ServerId)}
            onChange={(name) => {
              change({ ...draft, name });
            }}
          />
        ) : (
          <Named id={editing} />
        )}
        <FormField
          label="Description"
          value={draft.description}
          error={errors.description}
          hint="For readers of this window. May be left empty."
          onChange={(description) => {
            change({ ...draft, description });
          }}
        />
      </div>
      <VirtualTree servers={list} draft={draft} onChange={change} />
      <footer className="sticky -bottom-4 z-10 -mx-5 -mb-4 flex flex-wrap items-center gap-2 rounded-b-[10px] border-t border-line bg-raised px-5 py-3.5">
        <p className="min-w-0 flex-1 text-xs" role="status">
          {errors.members === undefined ? (
            <span className="text-ink-2">{chosenWords(draft, list)}</span>
          ) : (
            <span className="text-error">{errors.members}</span>
          )}
        </p>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="solid" type="submit" disabled={busy}>
          {editing === null ? 'Add' : 'Save'}
        </Button>
      </footer>
    </form>
  );
}

function startOf(servers: ServersStore, editing: ServerId | null): VirtualDraft {
  const view = servers.store.getState().virtualServers.find((each) => each.id === editing);
  return view === undefined ? EMPTY_VIRTUAL_DRAFT : virtualDraftOf(view);
}

/** A name is an address that clients hold: another name is another virtual server. */
function Named({ id }: { readonly id: ServerId }): ReactElement {
  return (
    <div>
      <p className="mb-1 text-xs font-medium">Name</p>
      <p className="py-[5px] text-sm font-medium [overflow-wrap:anywhere]">{id}</p>
      <p className="mt-0.5 font-mono text-2xs text-ink-3 [overflow-wrap:anywhere]">{serverPath(id)}</p>
    </div>
  );
}
