import { unixNano } from '../../src/shared/domain/ids.ts';
import type { SpanId, TraceId } from '../../src/shared/domain/ids.ts';
import type { Finding, RedactedPayload, RedactedSpan } from '../../src/shared/domain/redacted.ts';
import type { Attributes, AttributeValue } from '../../src/shared/domain/span.ts';
import { makePayload, makeSpan } from '../support/make-span.ts';

type Random = (below: number) => number;

/** The same numbers from the same seed (mulberry32). */
function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const WORDS = [
  'tool.invoke',
  'naïve',
  '東京',
  '😀👩‍👩‍👧',
  'line\nbreak',
  '"quoted"',
  'back\\slash',
  'nul\u0000',
  '',
  ' ',
  '{"a":1}',
  '\u2028',
];
const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUSES = ['unset', 'ok', 'error'] as const;
const KEYS = ['http.route', 'a b', '__proto__', 'ключ', 'throughline.payload', '0', 'n'];

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random(from.length)]!;
}

function hex(random: Random, length: number): string {
  let id = (1 + random(15)).toString(16);
  while (id.length < length) id += random(16).toString(16);
  return id;
}

function valueOf(random: Random): AttributeValue {
  switch (random(9)) {
    case 0:
      return random(2) === 0;
    case 1:
      return random(2 ** 31) - 2 ** 30;
    case 2:
      return (random(2) === 0 ? 1 : -1) * (Number.MAX_SAFE_INTEGER - random(1_000));
    case 3:
      return random(1_000_000) / 7;
    case 4:
      return Array.from({ length: random(4) }, () => pick(random, WORDS));
    case 5:
      return Array.from({ length: random(4) }, () => random(1_000) / (1 + random(3)));
    case 6:
      return Array.from({ length: random(4) }, () => random(2) === 0);
    default:
      return pick(random, WORDS) + String(random(1_000));
  }
}

function attributesOf(random: Random, most: number): Attributes {
  const entries = Array.from({ length: random(most) }, (_, n): [string, AttributeValue] => [
    random(4) === 0 ? pick(random, KEYS) : `key.${String(n)}`,
    valueOf(random),
  ]);
  return Object.fromEntries(entries);
}

const FINDING: Finding = {
  ...{ path: '/attributes/url.query', start: 6, end: 9, rule: 'url-query' },
  ...{ kind: 'token', length: '17-32', hash: '0123456789abcdef' },
};

export interface ManyTraces {
  readonly spans: readonly RedactedSpan[];
  readonly payloads: readonly RedactedPayload[];
}

/**
 * Traces of one to five spans with everything a finished span may hold, and some with bodies and findings. Nothing is
 * really redacted. The same for the same seed.
 */
export function manyTraces(count: number, seed: number): ManyTraces {
  const random = randomOf(seed);
  const origins = Array.from({ length: 12 }, () => ({
    resource: attributesOf(random, 5),
    scopeName: pick(random, WORDS),
    scopeVersion: random(2) === 0 ? null : `1.${String(random(9))}`,
  }));
  const spans: RedactedSpan[] = [];
  const payloads: RedactedPayload[] = [];
  for (let number = 0; number < count; number += 1) {
    const traceId = hex(random, 32) as TraceId;
    let parentSpanId: SpanId | null = null;
    for (let left = 1 + random(5); left > 0; left -= 1) {
      const span: RedactedSpan = makeSpan({
        ...spanFields(random),
        traceId,
        parentSpanId,
        origin: pick(random, origins),
      });
      spans.push(parentSpanId === null ? { ...span, parentIsRemote: false } : span);
      parentSpanId = span.spanId;
      if (random(3) === 0) payloads.push(payloadOf(random, span));
    }
  }
  return { spans, payloads };
}

function spanFields(random: Random) {
  const start = 1_700_000_000_000_000_000n + BigInt(random(2 ** 31)) * 100_000_007n;
  const end = start + BigInt(random(2 ** 31)) * BigInt(random(1_000));
  return {
    spanId: hex(random, 16) as SpanId,
    parentIsRemote: random(2) === 0,
    traceState: random(5) === 0 ? 'vendor=1,other=2' : null,
    name: pick(random, WORDS),
    kind: pick(random, KINDS),
    startTime: unixNano(start),
    endTime: unixNano(end),
    status: { code: pick(random, STATUSES), message: random(3) === 0 ? 'It failed. ✗' : null },
    attributes: attributesOf(random, 12),
    events: Array.from({ length: random(3) }, (_, n) => ({
      name: pick(random, WORDS),
      time: unixNano(start + BigInt(n)),
      attributes: attributesOf(random, 4),
    })),
    links: Array.from({ length: random(2) }, () => ({
      traceId: hex(random, 32) as TraceId,
      spanId: hex(random, 16) as SpanId,
      attributes: attributesOf(random, 3),
    })),
    dropped: { attributes: random(3), events: random(2 ** 31), links: 0 },
    findings: random(4) === 0 ? [FINDING] : [],
  };
}

function payloadOf(random: Random, { traceId, spanId }: RedactedSpan): RedactedPayload {
  const text = JSON.stringify({ word: pick(random, WORDS), numbers: [random(9), random(9)] });
  return makePayload({
    ...{ traceId, spanId, text, originalBytes: Buffer.byteLength(text) },
    direction: random(2) === 0 ? 'request' : 'response',
    truncated: random(9) === 0,
    findings: random(2) === 0 ? [{ ...FINDING, path: '/word', start: 0, end: 3 }] : [],
  });
}
