import { setImmediate } from 'node:timers/promises';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { RedactedPayload, RedactedSpan } from '../../shared/domain/redacted.ts';
import { decodePayloads, encodePayloads } from '../codec/payload-rows.ts';
import { decodeSpans, encodeSpans } from '../codec/span-rows.ts';
import type { Revision } from '../port.ts';
import type { Calls, StoredPart, StoredPlace } from '../worker/protocol.ts';

interface PartStorage {
  read(argument: Calls['stored']['argument']): Promise<Calls['stored']['answer']>;
  write(parts: readonly StoredPart[]): Promise<void>;
}

/** Longest stretch without letting other things of this thread have their turn, beside a single long body. */
const SLICE_MILLIS = 3;

/** Answers whether it came to the end of what was stored at `until`. */
export async function reviseParts(revision: Revision, until: Cursor, storage: PartStorage): Promise<boolean> {
  const turns = new Turns();
  let place: StoredPlace | null = { traceNo: 0, partNo: 0 };
  let finished = 0;
  const isEnded = (): boolean => revision.signal.aborted;
  while (place !== null) {
    if (isEnded()) return false;
    const page: Calls['stored']['answer'] = await storage.read({ place, until });
    const changed: StoredPart[] = [];
    for (const part of page.parts) {
      if (isEnded()) return false;
      const revised = await revisedPart(part, revision, turns);
      if (revised !== null) changed.push(revised);
    }
    if (changed.length > 0) await storage.write(changed);
    finished += page.finishedTraces;
    revision.progress(finished);
    place = page.next;
  }
  return true;
}

/** Null when nothing of it has changed. */
async function revisedPart(part: StoredPart, revision: Revision, turns: Turns): Promise<StoredPart | null> {
  const spans: RedactedSpan[] = [];
  const spansBefore = decodeSpans(part.spans, part.traceId);
  for (const span of spansBefore) {
    await turns.next();
    spans.push(revision.span(span));
  }
  const payloads: RedactedPayload[] = [];
  const payloadsBefore = decodePayloads(part, part.traceId);
  for (const payload of payloadsBefore) {
    await turns.next();
    payloads.push(revision.payload(payload));
  }
  const hasChanged = !isSame(spansBefore, spans) || !isSame(payloadsBefore, payloads);
  return hasChanged ? { ...part, spans: encodeSpans(spans), ...encodePayloads(payloads) } : null;
}

function isSame(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.every((value, index) => value === after[index]);
}

/** Hands the thread back to others now and then. */
class Turns {
  #end = performance.now() + SLICE_MILLIS;

  async next(): Promise<void> {
    if (performance.now() < this.#end) return;
    await setImmediate();
    this.#end = performance.now() + SLICE_MILLIS;
  }
}
