import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Hint, TrailStep } from '../../../src/shared/domain/redaction.ts';
import { MarkCards } from '../../ui/mark-cards.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RoomFrame } from '../../ui/room-frame.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { PlaygroundSection } from './playground-section.tsx';
import { RulesSection } from './rules-section.tsx';
import type { RedactionSection, RedactionStore } from './store.redaction.ts';
import { StoredSection } from './stored-section.tsx';
import { TrailSection } from './trail-section.tsx';
import type { Question } from './why-panel.tsx';

export interface RedactionRoomProps {
  readonly redaction: RedactionStore;
  readonly canManage: boolean;
  readonly onGoTo: (step: TrailStep) => void;
  readonly onAddHint: (hint: Hint) => void;
  readonly onAddQuestion: (question: Question) => void;
  readonly onRule: (id: string) => void;
  readonly onFollow: (hash: string) => void;
  readonly onStopRevealing: () => void;
}

const SECTIONS: readonly RedactionSection[] = ['rules', 'playground', 'trail', 'stored'];

/** The page about what is hidden: rules, a place to try them, a secret's way, and what is stored. */
export function RedactionRoom(props: RedactionRoomProps): ReactElement {
  const { redaction, canManage } = props;
  const section = useStore(redaction.store, (state) => state.section);
  const rules = useStore(redaction.store, ({ feed }) => feed?.rules ?? null);
  const failure = useStore(redaction.store, (state) => state.failure);
  const isAdvised = useStore(redaction.store, ({ feed }) => feed?.rescrub.isAdvised ?? false);
  return (
    <RoomFrame
      name="Redaction"
      purpose="What is hidden before anything is recorded, by which rule, and what may have been missed."
      failure={failure}
      lookOnly={canManage ? null : 'rules'}
      notices={
        isAdvised && section !== 'stored' ? (
          <Notice kind="warn" className="mt-2">
            The rules have become stricter since what is stored was last gone through.{' '}
            <button
              type="button"
              className="font-medium underline hover:no-underline"
              onClick={() => {
                redaction.store.setState({ section: 'stored' });
              }}
            >
              Go through it
            </button>
          </Notice>
        ) : null
      }
    >
      <MarkCards>
        <Tabs
          label="Parts of redaction"
          active={section}
          onChange={(id) => {
            const next = SECTIONS.find((each) => each === id);
            if (next !== undefined) redaction.store.setState({ section: next });
          }}
          tabs={[
            {
              id: 'rules',
              label: 'Rules',
              content:
                rules === null ? (
                  <p className="p-4 text-sm text-ink-3">{failure === null ? 'Fetching the rules…' : ''}</p>
                ) : (
                  <RulesSection redaction={redaction} rules={rules} canManage={canManage} />
                ),
            },
            { id: 'playground', label: 'Playground', content: <PlaygroundSection {...props} /> },
            { id: 'trail', label: 'Trail', content: <TrailSection redaction={redaction} onGoTo={props.onGoTo} /> },
            {
              id: 'stored',
              label: 'Stored and shown',
              content: <StoredSection {...props} />,
            },
          ]}
        />
      </MarkCards>
    </RoomFrame>
  );
}
