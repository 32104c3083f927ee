import { useMemo, useRef } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { PayloadDirection, RedactedPayload, RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import type { Hint, PlacedHint } from '../../../src/shared/domain/redaction.ts';
import type { PayloadInfo } from '../../../src/shared/domain/trace.ts';
import { textAt } from '../../model/finding-path.ts';
import { parsedBody } from '../../model/payload-body.ts';
import { bringIntoView } from '../../ui/bring-into-view.ts';
import { Notice } from '../../ui/notice.tsx';
import { HiddenList } from './hidden-list.tsx';
import type { PlacedFinding } from './hidden-list.tsx';
import { HintList } from './hint-list.tsx';
import type { ShownHint } from './hint-list.tsx';
import { selectGeneration } from './store.redaction.ts';
import type { RedactionStore } from './store.redaction.ts';
import { latest, useAnswer } from '../../bridge/use-answer.ts';
import { useSpanBodies } from './use-span-bodies.ts';
import type { SpanBodies } from './use-span-bodies.ts';
import { WhyPanel } from './why-panel.tsx';
import type { Question } from './why-panel.tsx';

export interface SpanRedactionProps {
  readonly redaction: RedactionStore;
  readonly span: RedactedSpan;
  readonly payloads: readonly PayloadInfo[];
  readonly question: Question | null;
  readonly canManage: boolean;
  readonly onGoTo: (target: { readonly direction: PayloadDirection | null; readonly path: string }) => void;
  readonly onFollow: (hash: string) => void;
  readonly onAddHint: (hint: Hint) => void;
  readonly onAddQuestion: (question: Question) => void;
}

/** What was hidden in one span, what may have been missed, and why. */
export function SpanRedaction(props: SpanRedactionProps): ReactElement {
  const { redaction, span, payloads, question, canManage, onGoTo } = props;
  const generation = useStore(redaction.store, selectGeneration);
  const bodies = useSpanBodies(redaction.api, span, payloads, generation);
  const hidden = useMemo(() => placedFindings(span, bodies), [span, bodies]);
  const missed = useMissed(redaction, span, bodies, generation);
  const box = useRef<HTMLDivElement>(null);
  return (
    <div ref={box} className="@container min-h-0 flex-1 overflow-auto">
      <Part
        title="Hidden"
        count={hidden.length}
        end={
          missed.hints.length === 0 ? null : (
            <button
              type="button"
              className="text-2xs text-warn hover:underline"
              onClick={() => {
                const part = box.current?.querySelector<HTMLElement>('[data-part="missed"]');
                if (part !== null && part !== undefined) bringIntoView(part, 'top');
              }}
            >
              {missed.hints.length} likely missed ↓
            </button>
          )
        }
      >
        {bodies.failure === null ? null : (
          <Notice kind="error" className="m-2">
            {bodies.failure}
          </Notice>
        )}
        {hidden.length > 0 || bodies.failure !== null ? null : (
          <Quiet>{bodies.isLoading ? 'Looking…' : 'Nothing was hidden in this span.'}</Quiet>
        )}
        <HiddenList
          redaction={redaction}
          hidden={hidden}
          canManage={canManage}
          onFollow={props.onFollow}
          onGoTo={({ direction, finding }) => {
            onGoTo({ direction, path: finding.path });
          }}
        />
      </Part>
      <div data-part="missed">
        <Missed {...props} missed={missed} />
      </div>
      <Part title="Why was this not hidden?">
        <p className="px-3 pt-2 text-xs text-ink-3">
          Select a value anywhere in this span, or write one here, to see what each rule made of it.
        </p>
        <WhyPanel
          api={redaction.api}
          question={question}
          generation={generation}
          onAdd={canManage ? props.onAddQuestion : null}
        />
      </Part>
    </div>
  );
}

interface MissedHints {
  readonly isLoading: boolean;
  readonly failure: string | null;
  readonly hints: readonly ShownHint[];
}

/** Asked for again when the span grows, and when the rules or what is stored may have changed. */
function useMissed(redaction: RedactionStore, span: RedactedSpan, bodies: SpanBodies, generation: string): MissedHints {
  const { traceId, spanId } = span;
  const asked = [traceId, spanId, generation, span.endTime === null, bodies.bodies.size].join(' ');
  const state = useAnswer(asked, (signal) => redaction.api.redaction.hints({ traceId, spanId }, { signal }));
  const placed = latest(state);
  const hints = useMemo(() => (placed ?? []).map((each) => shownHint(each, span, bodies)), [placed, span, bodies]);
  return { isLoading: placed === null, failure: state.phase === 'failed' ? state.message : null, hints };
}

function Missed(props: SpanRedactionProps & { readonly missed: MissedHints }): ReactElement {
  const { missed, canManage, onGoTo, onAddHint } = props;
  const { hints, failure, isLoading } = missed;
  return (
    <Part title="Likely missed" count={hints.length}>
      {failure === null ? null : (
        <Notice kind="error" className="m-2">
          {failure}
        </Notice>
      )}
      {hints.length > 0 || failure !== null ? null : (
        <Quiet>{isLoading ? 'Looking…' : 'Nothing else here looks like a secret.'}</Quiet>
      )}
      <HintList
        hints={hints}
        canManage={canManage}
        onAdd={onAddHint}
        onGoTo={({ direction, hint }) => {
          onGoTo({ direction, path: hint.path });
        }}
      />
    </Part>
  );
}

function placedFindings(span: RedactedSpan, { bodies }: SpanBodies): readonly PlacedFinding[] {
  const inBody = (direction: PayloadDirection): readonly PlacedFinding[] =>
    (bodies.get(direction)?.findings ?? []).map((finding) => ({ direction, finding }));
  const own = span.findings.map((finding) => ({ direction: null, finding }));
  return [...own, ...inBody('request'), ...inBody('response')];
}

function shownHint({ hint, direction }: PlacedHint, span: RedactedSpan, { bodies }: SpanBodies): ShownHint {
  return {
    hint,
    direction,
    text: direction === null ? textAt(span, hint.path) : textInBody(bodies.get(direction), hint),
  };
}

function textInBody(body: RedactedPayload | undefined, hint: Hint): string | null {
  if (body === undefined) return null;
  const parsed = parsedBody(body);
  return parsed === undefined ? body.text : textAt(parsed, hint.path);
}

interface PartProps {
  readonly title: string;
  readonly count?: number;
  readonly end?: ReactNode;
  readonly children: ReactNode;
}

function Part({ title, count = 0, end = null, children }: PartProps): ReactElement {
  return (
    <section aria-label={title}>
      <div className="sticky top-0 z-10 flex items-center gap-2 border-b border-line bg-chrome px-3 py-1.5 not-first:border-t">
        <h4 className="label">{title}</h4>
        {count === 0 ? null : <span className="text-2xs text-ink-3">{count}</span>}
        {end === null ? null : <span className="ml-auto">{end}</span>}
      </div>
      {children}
    </section>
  );
}

function Quiet({ children }: { readonly children: ReactNode }): ReactElement {
  return <p className="px-3 py-3 text-xs text-ink-3">{children}</p>;
}
