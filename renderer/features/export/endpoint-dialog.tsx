import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import { describeFailure } from '../../bridge/failure.ts';
import { readEndpoint } from '../../model/endpoint-draft.ts';
import type { EndpointDraft, NamedEndpoint } from '../../model/endpoint-draft.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { EndpointForm } from './endpoint-form.tsx';
import { PreviewStep } from './preview-step.tsx';
import type { EndpointEdit, ForwardingStore } from './store.forwarding.ts';

export interface EndpointDialogProps {
  readonly forwarding: ForwardingStore;
  readonly storageNote: ReactNode;
}

/** Two steps that cannot be made one: say where to, see exactly what would leave, then agree. */
export function EndpointDialog({ forwarding, storageNote }: EndpointDialogProps): ReactElement {
  const editing = useStore(forwarding.store, (state) => state.editing);
  const close = (): void => {
    forwarding.store.setState({ editing: null });
  };
  if (editing === null) return <Dialog open={false} onClose={close} title="" children={null} />;
  return <OpenDialog forwarding={forwarding} storageNote={storageNote} editing={editing} onClose={close} />;
}

interface OpenDialogProps extends EndpointDialogProps {
  readonly editing: EndpointEdit;
  readonly onClose: () => void;
}

function OpenDialog({ forwarding, storageNote, editing, onClose }: OpenDialogProps): ReactElement {
  const { formerName, isSwitchedOn } = editing;
  const [draft, setDraft] = useState(editing.draft);
  const [previewed, setPreviewed] = useState<NamedEndpoint | null>(() => (isSwitchedOn ? readSaved(draft) : null));
  const [busy, setBusy] = useState(false);
  const [complaint, setComplaint] = useState<string | null>(null);
  const save = (named: NamedEndpoint): void => {
    setBusy(true);
    setComplaint(null);
    forwarding
      .save(named, formerName)
      .then(onClose, (thrown: unknown) => {
        setComplaint(describeFailure(thrown).message);
      })
      .finally(() => {
        setBusy(false);
      });
  };
  if (previewed !== null) {
    return (
      <Dialog
        open
        onClose={onClose}
        wide
        title={`What leaves for “${previewed.name}”`}
        description="Nothing has left yet. This is all that would."
      >
        <PreviewStep
          api={forwarding.api}
          named={previewed}
          formerName={formerName}
          busy={busy}
          complaint={complaint}
          sends={previewed.endpoint.isEnabled}
          back={isSwitchedOn ? 'Cancel' : 'Back'}
          onBack={() => {
            setComplaint(null);
            if (isSwitchedOn) onClose();
            else setPreviewed(null);
          }}
          onSave={() => {
            save(previewed);
          }}
        />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={formerName === null ? 'Add an endpoint' : `Edit “${formerName}”`}
      description="Finished traces are sent there by themselves, over OTLP."
    >
      <EndpointForm
        api={forwarding.api}
        storageNote={storageNote}
        initial={draft}
        formerName={formerName}
        busy={busy}
        complaint={complaint}
        goOn={(typed) => (isShownFirst(typed, formerName) ? 'See what leaves…' : 'Save')}
        onCancel={onClose}
        onSubmit={(named, typed) => {
          setDraft(typed);
          if (isShownFirst(typed, formerName)) setPreviewed(named);
          else save(named);
        }}
      />
    </Dialog>
  );
}

/** One that is off and stays off sends nothing that would have to be shown before. */
function isShownFirst(draft: EndpointDraft, formerName: string | null): boolean {
  return formerName === null || draft.isEnabled;
}

function readSaved(draft: EndpointDraft): NamedEndpoint | null {
  const read = readEndpoint(draft);
  return read.ok ? read.value : null;
}
