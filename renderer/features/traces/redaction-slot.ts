import { createContext, useCallback, useContext } from 'react';
import type { ReactNode } from 'react';
import type { Finding, PayloadDirection, RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import type { RedactionPlace } from '../../../src/shared/domain/redaction.ts';
import type { PayloadInfo } from '../../../src/shared/domain/trace.ts';
import type { HiddenStretch } from '../../model/attributes.ts';
import { findingLabel, findingTag } from '../../model/finding.ts';
import type { Mark } from '../../ui/marks.ts';
import type { DetailTarget, HiddenQuestion } from './store.trace.ts';

export interface SpanRedactionView {
  readonly span: RedactedSpan;
  readonly payloads: readonly PayloadInfo[];
  readonly question: HiddenQuestion | null;
  readonly onGoTo: (target: DetailTarget) => void;
}

/** What the window says of hidden things in a span. It is filled in by the window: no feature knows another. */
export interface RedactionSlot {
  /** Of one hidden stretch. */
  card(place: RedactionPlace, finding: Finding): ReactNode;
  /** Of a whole span. */
  tab(view: SpanRedactionView): ReactNode;
}

const RedactionSlotContext = createContext<RedactionSlot | null>(null);

export const RedactionSlotProvider = RedactionSlotContext.Provider;

export function useRedactionSlot(): RedactionSlot | null {
  return useContext(RedactionSlotContext);
}

export type MarkOf = (stretch: HiddenStretch) => Mark;

/** How what was hidden in a span, or in one of its bodies, is drawn in place. */
export function useMarkOf({ traceId, spanId }: RedactedSpan, direction: PayloadDirection | null = null): MarkOf {
  const slot = useRedactionSlot();
  return useCallback(
    ({ start, end, finding }) => ({
      start,
      end,
      label: findingLabel(finding),
      tag: findingTag(finding),
      ...(slot === null ? {} : { card: () => slot.card({ traceId, spanId, direction }, finding) }),
    }),
    [slot, traceId, spanId, direction],
  );
}

/** The same by path, for what is shown as JSON. */
export function marksByPath(findings: readonly Finding[], markOf: MarkOf): ReadonlyMap<string, readonly Mark[]> {
  const byPath = Map.groupBy(findings, (finding) => finding.path);
  return new Map(
    [...byPath].map(([path, list]) => [
      path,
      list.map((finding) => markOf({ start: finding.start, end: finding.end, finding })),
    ]),
  );
}
