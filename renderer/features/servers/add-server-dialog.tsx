import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ConsentRequest, SecretStorage } from '../../../src/shared/contract/messages.ts';
import type { Api } from '../../bridge/bridge.ts';
import { describeFailure } from '../../bridge/failure.ts';
import { EMPTY_DRAFT, readDraft, traitSentences } from '../../model/server-draft.ts';
import type { ServerDraft } from '../../model/server-draft.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ConsentStep } from './consent-step.tsx';
import { DraftForm } from './draft-form.tsx';

export interface AddServerDialogProps {
  readonly api: Api;
  readonly storage: SecretStorage;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Two steps that cannot be made one: say what, see exactly what, then agree. */
export function AddServerDialog({ api, storage, open, onClose }: AddServerDialogProps): ReactElement {
  const [draft, setDraft] = useState<ServerDraft>(EMPTY_DRAFT);
  const [request, setRequest] = useState<ConsentRequest | null>(null);
  const [busy, setBusy] = useState(false);
  const [complaint, setComplaint] = useState<string | null>(null);

  const leave = (): void => {
    setDraft(EMPTY_DRAFT);
    setRequest(null);
    setComplaint(null);
    onClose();
  };
  const ask = <T,>(question: Promise<T>, then: (answer: T) => void): void => {
    setBusy(true);
    setComplaint(null);
    question
      .then(then, (thrown: unknown) => {
        setComplaint(describeFailure(thrown).message);
      })
      .finally(() => {
        setBusy(false);
      });
  };
  return (
    <Dialog
      open={open}
      onClose={leave}
      title={request === null ? 'Add a server' : `${startOrConnect(request)} “${request.id}”?`}
      description={
        request === null
          ? 'Its tools appear behind the gateway, and every call to them is traced.'
          : 'This is exactly what was asked for, nothing left out.'
      }
    >
      {request === null ? (
        <DraftForm
          initial={draft}
          storage={storage}
          busy={busy}
          complaint={complaint}
          onCancel={leave}
          onSubmit={(proposal, typed) => {
            setDraft(typed);
            ask(api.servers.propose(proposal), setRequest);
          }}
        />
      ) : (
        <ConsentStep
          request={request}
          storage={storage}
          traits={traitsOf(draft)}
          busy={busy}
          complaint={complaint}
          onCancel={() => {
            setRequest(null);
            setComplaint(null);
          }}
          onConfirm={() => {
            ask(api.servers.confirm({ proposalId: request.proposalId }), leave);
          }}
        />
      )}
    </Dialog>
  );
}

/** What was asked for beside the target itself; the host was sent the same draft. */
function traitsOf(draft: ServerDraft): readonly string[] {
  const read = readDraft(draft);
  return read.ok ? traitSentences(read.value.config) : [];
}

function startOrConnect(request: ConsentRequest): string {
  return request.target.type === 'stdio' ? 'Start' : 'Connect';
}
