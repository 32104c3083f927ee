import { useState } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { describeFailure } from '../../bridge/failure.ts';
import { REVEAL_IDLE_MINUTES } from './store.redaction.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { RedactionStore } from './store.redaction.ts';

/** Says what keeping secrets means before it begins. */
export function RevealDialog({ redaction }: { readonly redaction: RedactionStore }): ReactElement {
  const asked = useStore(redaction.store, (state) => state.revealAsked);
  const [complaint, setComplaint] = useState<string | null>(null);
  const close = (): void => {
    setComplaint(null);
    redaction.store.setState({ revealAsked: false });
  };
  const agree = (): void => {
    redaction.api.redaction.reveal({ isOn: true }).then(close, (thrown: unknown) => {
      setComplaint(describeFailure(thrown).message);
    });
  };
  return (
    <Dialog
      open={asked}
      onClose={close}
      title="Keep secrets in memory?"
      description="For finding out what a mask stands for, and for nothing else."
    >
      {complaint === null ? null : (
        <Notice kind="error" className="mb-3">
          {complaint}
        </Notice>
      )}
      <ul className="list-disc space-y-1.5 pl-5 text-sm text-ink-2 marker:text-ink-3">
        <li>Only secrets that are hidden from now on are kept. Those hidden before are gone.</li>
        <li>They stay in the gateway’s memory. They are never stored, never exported and never logged.</li>
        <li>
          They are forgotten when you stop it, when the gateway ends, and by themselves once none was shown for{' '}
          {REVEAL_IDLE_MINUTES} minutes. A banner stands above everything until then.
        </li>
        <li>A secret is on the screen only while you show it, and goes when you look away.</li>
      </ul>
      <p className="mt-3 text-sm">Do not do this while you share or record your screen.</p>
      <footer className="mt-4 flex justify-end gap-2">
        <Button onClick={close}>Cancel</Button>
        <Button look="danger" onClick={agree}>
          Keep secrets in memory
        </Button>
      </footer>
    </Dialog>
  );
}
