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
  while (place !== null) {
    if (revision.signal.aborted) return false;
    const page: Calls['stored']['answer'] = await storage.read({ place, until });
    const changed: StoredPart[] = [];
    for (const part of page.parts) {
      if (revision.signal.aborted) return false;
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
  let hasChanged = false;
  const keep = <T>(before: T, after: T): T => {
    if (after !== before) hasChanged = true;
    return after;
  };
  const spans: RedactedSpan[] = [];
  for (const span of decodeSpans(part.spans, part.traceId)) {
    await turns.next();
    spans.push(keep(span, revision.span(span)));
  }
  const payloads: RedactedPayload[] = [];
  for (const payload of decodePayloads(part, part.traceId)) {
    await turns.next();
    payloads.push(keep(payload, revision.payload(payload)));
  }
  return hasChanged ? { ...part, spans: encodeSpans(spans), ...encodePayloads(payloads) } : null;
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
