import { useMemo } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Hint } from '../../src/shared/domain/redaction.ts';
import { FindingCard } from '../features/redaction/finding-card.tsx';
import { RedactionRoom } from '../features/redaction/redaction-room.tsx';
import { RevealBanner } from '../features/redaction/reveal-banner.tsx';
import { SpanRedaction } from '../features/redaction/span-redaction.tsx';
import { takenIds } from '../features/redaction/store.redaction.ts';
import { RedactionSlotProvider } from '../features/traces/redaction-slot.ts';
import type { RedactionSlot } from '../features/traces/redaction-slot.ts';
import { draftForHint, draftForQuestion } from '../model/rule-draft.ts';
import type { Session } from './session.ts';

/** What can be done about something hidden, or not hidden, wherever it is shown. */
interface RedactionActions {
  readonly onFollow: (hash: string) => void;
  readonly onRule: (id: string) => void;
  readonly onAddHint: (hint: Hint) => void;
  readonly onAddQuestion: (question: { readonly key: string; readonly value: string }) => void;
  readonly onStopRevealing: () => void;
}

function actionsOf(session: Session): RedactionActions {
  const { redaction } = session;
  const taken = (): readonly string[] => takenIds(redaction.store.getState().feed);
  return {
    onFollow: (trailHash) => {
      session.openRedaction('trail', { trailHash });
    },
    onRule: (id) => {
      session.openRedaction('rules', { target: { path: id } });
    },
    onAddHint: (hint) => {
      redaction.store.setState({
        editing: { draft: draftForHint(hint, taken()), replacing: null, because: hint.sentence },
      });
    },
    onAddQuestion: (question) => {
      redaction.store.setState({
        editing: { draft: draftForQuestion(question, taken()), replacing: null, because: null },
      });
    },
    onStopRevealing: () => {
      session.attempt(() => session.bridge.api.redaction.reveal({ isOn: false }));
    },
  };
}

function useCanManage(session: Session): boolean {
  return useStore(session.info, (state) => state.app?.canManage ?? false);
}

/** Lets spans say of what is hidden in them all that is known of it. */
export function RedactionInSpans({ session, children }: { session: Session; children: ReactNode }): ReactElement {
  const canManage = useCanManage(session);
  const slot = useMemo<RedactionSlot>(() => {
    const { redaction } = session;
    const actions = actionsOf(session);
    return {
      card: (_, finding) => <FindingCard redaction={redaction} finding={finding} canManage={canManage} {...actions} />,
      tab: (view) => (
        <SpanRedaction key={view.span.spanId} redaction={redaction} canManage={canManage} {...view} {...actions} />
      ),
    };
  }, [session, canManage]);
  return <RedactionSlotProvider value={slot}>{children}</RedactionSlotProvider>;
}

export function Redaction({ session }: { readonly session: Session }): ReactElement {
  const canManage = useCanManage(session);
  const actions = useMemo(() => actionsOf(session), [session]);
  return (
    <RedactionRoom
      redaction={session.redaction}
      canManage={canManage}
      onGoTo={(step) => {
        session.showPlace(step, step.finding.path);
      }}
      {...actions}
    />
  );
}

export function Revealing({ session }: { readonly session: Session }): ReactElement | null {
  const canManage = useCanManage(session);
  const { onStopRevealing } = useMemo(() => actionsOf(session), [session]);
  return <RevealBanner redaction={session.redaction} canManage={canManage} onStop={onStopRevealing} />;
}
