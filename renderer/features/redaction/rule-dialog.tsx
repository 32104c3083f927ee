import { useState } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { UserRule } from '../../../src/shared/domain/redaction.ts';
import { describeFailure } from '../../bridge/failure.ts';
import { withRule } from '../../model/rule-draft.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { RescrubOffer } from './rescrub.tsx';
import { RuleForm } from './rule-form.tsx';
import type { RedactionStore, RuleEdit } from './store.redaction.ts';

/** Two steps: the rule, then whether it is to be applied to what is stored already. */
export function RuleDialog({ redaction }: { readonly redaction: RedactionStore }): ReactElement {
  const editing = useStore(redaction.store, (state) => state.editing);
  const close = (): void => {
    redaction.store.setState({ editing: null });
  };
  if (editing === null) return <Dialog open={false} onClose={close} title="" children={null} />;
  return <OpenRuleDialog redaction={redaction} editing={editing} onClose={close} />;
}

interface OpenRuleDialogProps {
  readonly redaction: RedactionStore;
  readonly editing: RuleEdit;
  readonly onClose: () => void;
}

function OpenRuleDialog({ redaction, editing, onClose }: OpenRuleDialogProps): ReactElement {
  const [saved, setSaved] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [complaint, setComplaint] = useState<string | null>(null);
  const save = (rule: UserRule): void => {
    setBusy(true);
    setComplaint(null);
    redaction
      .change((policy) => withRule(policy, rule, editing.replacing))
      .then(
        () => {
          setSaved(rule.id);
        },
        (thrown: unknown) => {
          setComplaint(describeFailure(thrown).message);
        },
      )
      .finally(() => {
        setBusy(false);
      });
  };
  if (saved !== null) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={`“${saved}” is in force`}
        description="It applies to everything that is recorded from now on."
      >
        <RescrubOffer redaction={redaction} />
        <footer className="mt-4 flex justify-end">
          <Button onClick={onClose}>Done</Button>
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={editing.replacing === null ? 'Add a rule' : `Edit “${editing.replacing}”`}
      description={editing.because ?? 'What it looks for, and what is left of what it finds.'}
    >
      <RuleForm
        redaction={redaction}
        editing={editing}
        busy={busy}
        complaint={complaint}
        onCancel={onClose}
        onSave={save}
      />
    </Dialog>
  );
}
