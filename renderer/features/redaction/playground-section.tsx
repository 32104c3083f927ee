import { ChevronRight } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Finding } from '../../../src/shared/domain/redacted.ts';
import type { Hint, TestedText as Tested } from '../../../src/shared/domain/redaction.ts';
import { lengthWords } from '../../model/finding.ts';
import { placeWords, textAt } from '../../model/finding-path.ts';
import { plural } from '../../model/format.ts';
import { parsedBody } from '../../model/payload-body.ts';
import { SAMPLE_TEXT } from '../../model/sample-text.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PlainArea } from '../../ui/plain-area.tsx';
import { FindingCard } from './finding-card.tsx';
import { HintList } from './hint-list.tsx';
import { selectGeneration } from './store.redaction.ts';
import type { RedactionStore } from './store.redaction.ts';
import { TestedText } from './tested-text.tsx';
import { latest, useAnswer } from '../../bridge/use-answer.ts';
import { WhyPanel } from './why-panel.tsx';
import type { Question } from './why-panel.tsx';

const SETTLE_MS = 250;

export interface PlaygroundSectionProps {
  readonly redaction: RedactionStore;
  readonly canManage: boolean;
  readonly onAddHint: (hint: Hint) => void;
  readonly onAddQuestion: (question: Question) => void;
  readonly onRule: (id: string) => void;
  readonly onFollow: (hash: string) => void;
}

/** A text and, while it is written, what would be recorded of it. */
export function PlaygroundSection(props: PlaygroundSectionProps): ReactElement {
  const { redaction, canManage, onAddQuestion } = props;
  const text = useStore(redaction.store, (state) => state.sample);
  const generation = useStore(redaction.store, selectGeneration);
  const setText = useCallback(
    (sample: string) => {
      redaction.store.setState({ sample });
    },
    [redaction],
  );
  const state = useAnswer(
    text === '' ? null : JSON.stringify([text, generation]),
    (signal) => redaction.api.redaction.test({ text, policy: null }, { signal }),
    SETTLE_MS,
  );
  const tested = text === '' ? null : latest(state);
  return (
    <div className="min-h-0 flex-1 overflow-auto min-[900px]:overflow-hidden">
      <div className="flex min-h-full flex-col min-[900px]:grid min-[900px]:h-full min-[900px]:grid-cols-2">
        <section aria-label="Text" className="flex min-h-[220px] flex-col gap-2 p-4 min-[900px]:min-h-0">
          <Title title="What would arrive" note="It is kept nowhere and counts as no hit.">
            <Button
              size="small"
              onClick={() => {
                setText(text === '' ? SAMPLE_TEXT : '');
              }}
            >
              {text === '' ? 'Put in an example' : 'Empty it'}
            </Button>
          </Title>
          <PlainArea
            label="A text or JSON to try the rules on"
            text={text}
            onChange={setText}
            placeholder="Paste a text, a URL, a header, JSON…"
            className="min-h-[160px] flex-1 resize-none"
          />
        </section>
        <section
          aria-label="Result"
          className="flex min-h-[260px] flex-col border-line max-[899px]:border-t min-[900px]:min-h-0 min-[900px]:border-l"
        >
          <div className="px-4 pt-4 pb-2">
            <Title title="What would be recorded" note={summary(tested)} />
          </div>
          {state.phase === 'failed' ? (
            <Notice kind="error" className="mx-4 mb-2">
              {state.message}
            </Notice>
          ) : null}
          {tested === null ? (
            <p className="px-4 py-2 text-sm text-ink-3">
              The text as the rules leave it appears here, with each hidden place marked.
            </p>
          ) : (
            <Result {...props} tested={tested} />
          )}
          <details className="group shrink-0 border-t border-line">
            <summary className="label flex cursor-default items-center gap-1.5 bg-chrome px-4 py-1.5 hover:text-ink focus-visible:-outline-offset-2">
              <ChevronRight size={13} className="group-open:rotate-90" aria-hidden />
              Why was this not hidden?
            </summary>
            <div className="@container max-h-[240px] overflow-auto px-1">
              <WhyPanel
                api={redaction.api}
                question={null}
                generation={generation}
                onAdd={canManage ? onAddQuestion : null}
              />
            </div>
          </details>
        </section>
      </div>
    </div>
  );
}

function Result(props: PlaygroundSectionProps & { readonly tested: Tested }): ReactElement {
  const { redaction, canManage, tested, onAddHint, onRule, onFollow } = props;
  const [target, setTarget] = useState<{ readonly path: string } | null>(null);
  const card = useCallback(
    (finding: Finding) => (
      <FindingCard
        redaction={redaction}
        finding={finding}
        canManage={canManage}
        isRecorded={false}
        onRule={onRule}
        onFollow={onFollow}
      />
    ),
    [redaction, canManage, onRule, onFollow],
  );
  const parsed = parsedBody(tested);
  const hints = tested.hints.map((hint) => ({
    hint,
    direction: null,
    text: parsed === undefined ? tested.text : textAt(parsed, hint.path),
  }));
  return (
    <>
      <div className="flex min-h-[140px] flex-1 flex-col border-t border-line">
        <TestedText tested={tested} card={card} target={target} />
      </div>
      <div className="max-h-[45%] shrink-0 overflow-auto">
        <Found
          findings={tested.findings}
          onChoose={(finding) => {
            setTarget({ path: finding.path });
          }}
        />
        {hints.length === 0 ? null : (
          <>
            <h3 className="label border-y border-line bg-chrome px-3 py-1.5">Likely missed</h3>
            <HintList hints={hints} canManage={canManage} onGoTo={null} onAdd={onAddHint} />
          </>
        )}
      </div>
    </>
  );
}

function Found({
  findings,
  onChoose,
}: {
  findings: readonly Finding[];
  onChoose: (finding: Finding) => void;
}): ReactElement | null {
  if (findings.length === 0) return null;
  return (
    <ul aria-label="Hidden" className="border-t border-line py-1">
      {findings.map((finding, index) => (
        <li key={index}>
          <button
            type="button"
            onClick={() => {
              onChoose(finding);
            }}
            className="flex w-full items-baseline gap-3 px-4 py-0.5 text-left text-xs hover:bg-hover focus-visible:-outline-offset-2"
          >
            <span className="w-[120px] shrink-0 truncate text-mask">{finding.rule}</span>
            <span className="min-w-0 flex-1 truncate font-mono">{placeName(finding)}</span>
            <span className="shrink-0 text-ink-3">{lengthWords(finding.length)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function placeName({ path }: Finding): string {
  const { name } = placeWords('request', path);
  return name === '' ? 'the text' : name;
}

function summary(tested: Tested | null): string {
  if (tested === null) return '';
  const hidden = tested.findings.length === 0 ? 'Nothing hidden' : `${plural(tested.findings.length, 'value')} hidden`;
  return tested.hints.length === 0 ? `${hidden}.` : `${hidden}, ${String(tested.hints.length)} likely missed.`;
}

interface TitleProps {
  readonly title: string;
  readonly note: string;
  readonly children?: ReactNode;
}

function Title({ title, note, children }: TitleProps): ReactElement {
  return (
    <div className="flex min-h-6 items-center gap-3">
      <h2 className="text-sm font-semibold">{title}</h2>
      <p className="min-w-0 flex-1 text-xs text-ink-3" role="status">
        {note}
      </p>
      {children}
    </div>
  );
}
