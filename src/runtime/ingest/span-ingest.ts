import { setImmediate } from 'node:timers/promises';
import type { DecodedPayload, DecodedTraces } from '../../otlp/decoded.ts';
import type { RedactionControl } from '../../redaction/port.ts';
import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../../shared/domain/redacted.ts';
import type { TraceStore } from '../../store/port.ts';
import type { Recorder } from '../../telemetry/recorder.ts';

/** The way of spans that others made into the store, with redaction in the middle, whoever sent them. */
export interface SpanIngest {
  /**
   * Takes in what is decoded piece by piece, and lets calls pass in between. `onTaken` hears of every span that was handed
   * over. Rejects when the store could not keep it, and with what reading a piece throws.
   */
  take(pieces: Iterable<DecodedTraces>, onTaken: (span: RedactedSpan) => void): Promise<Taken>;
}

export interface Taken {
  readonly spans: number;
  readonly payloads: number;
  /** Spans that could not be read. */
  readonly rejected: number;
  /** Why, and what else could not be read: one sentence for each kind of reason. */
  readonly problems: readonly string[];
}

export interface SpanIngestParts {
  readonly redactor: Pick<RedactionControl, 'spanFromOutside' | 'payloadFromOutside'>;
  readonly store: Pick<TraceStore, 'put' | 'flush'>;
  readonly recorder: Pick<Recorder, 'isWaiting'>;
}

/** Redaction hands back to the event loop after this long. */
const SLICE_MILLIS = 3;

/** What may be handed to the store before it has said that it has it: well below what it holds for the gateway's spans. */
const MAX_UNSTORED = { spans: 5_000, characters: 8 * 1024 * 1024 };

export function createSpanIngest({ redactor, store, recorder }: SpanIngestParts): SpanIngest {
  const unstored = { spans: 0, characters: 0 };
  let storing: Promise<void> | null = null;

  /** Waits until what was handed over is stored, when that is much: nothing is dropped on the way. */
  async function makeRoom(): Promise<void> {
    if (unstored.spans < MAX_UNSTORED.spans && unstored.characters < MAX_UNSTORED.characters) return;
    storing ??= store.flush().finally(() => {
      storing = null;
      unstored.spans = 0;
      unstored.characters = 0;
    });
    await storing;
  }

  function redacted(payload: DecodedPayload): RedactedPayload {
    const { findings, ...body } = payload;
    return redactor.payloadFromOutside(body, findings);
  }

  /** Redacts until its time is over; answers with where it stopped. */
  function putSlice(piece: Piece, from: number, onTaken: (span: RedactedSpan) => void): Slice {
    const deadline = performance.now() + SLICE_MILLIS;
    const slice: Slice = { spans: [], payloads: [], end: from };
    for (const decoded of piece.spans.slice(from)) {
      if (slice.end > from && performance.now() > deadline) break;
      slice.end += 1;
      const { traceId, spanId } = decoded.record;
      // The gateway has begun this span and not recorded it yet: whoever sends it got the id from the gateway.
      if (recorder.isWaiting(traceId, spanId)) continue;
      const span = redactor.spanFromOutside(decoded.record, decoded.findings);
      slice.spans.push(span);
      for (const payload of piece.payloadsOf(traceId, spanId)) slice.payloads.push(redacted(payload));
      onTaken(span);
    }
    store.put({ spans: slice.spans, payloads: slice.payloads, isForeign: true });
    unstored.spans += slice.spans.length;
    unstored.characters += slice.payloads.reduce((sum, { text }) => sum + text.length, 0);
    return slice;
  }

  return {
    async take(pieces, onTaken) {
      const taken = { spans: 0, payloads: 0, rejected: 0 };
      const problems = new Set<string>();
      for (const decoded of pieces) {
        taken.rejected += decoded.rejectedSpans;
        for (const problem of decoded.problems) problems.add(problem);
        const piece = pieceOf(decoded);
        for (let at = 0; at < piece.spans.length;) {
          await makeRoom();
          const slice = putSlice(piece, at, onTaken);
          at = slice.end;
          taken.spans += slice.spans.length;
          taken.payloads += slice.payloads.length;
          await setImmediate();
        }
      }
      return { ...taken, problems: [...problems] };
    },
  };
}

interface Slice {
  readonly spans: RedactedSpan[];
  readonly payloads: RedactedPayload[];
  /** Position behind the last span that was looked at. */
  end: number;
}

interface Piece {
  readonly spans: DecodedTraces['spans'];
  payloadsOf(traceId: TraceId, spanId: SpanId): readonly DecodedPayload[];
}

function pieceOf({ spans, payloads }: DecodedTraces): Piece {
  const bySpan = Map.groupBy(payloads, ({ traceId, spanId }) => traceId + spanId);
  return { spans, payloadsOf: (traceId, spanId) => bySpan.get(traceId + spanId) ?? [] };
}
