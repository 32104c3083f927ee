import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DecodedTraces } from '../../src/otlp/decoded.ts';
import { encodeTraces } from '../../src/otlp/encode-traces.ts';
import type { OtlpFormat } from '../../src/otlp/encode-traces.ts';
import type { RedactedPayload, RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { expectJsonAsProtobuf, expectLinesAsProtobuf, expectSameByBothDecoders } from '../support/otlp-decoders.ts';
import { manyTraces } from './many-traces.ts';
import type { ManyTraces } from './many-traces.ts';
import { readWhole } from './read-file.ts';

const TRACES = 10_000;

let source: ManyTraces;

beforeAll(() => {
  source = manyTraces(TRACES, 6);
});

function exported({ spans, payloads }: ManyTraces, format: OtlpFormat): Uint8Array {
  const isSession = format === 'session';
  return encodeTraces(spans, payloads, { format, withPayloads: isSession });
}

/** As a store would hold it: here nothing is really redacted. */
function asStored({ spans, payloads }: DecodedTraces): ManyTraces {
  return {
    spans: spans.map(({ record, findings }) => ({ ...record, findings }) as RedactedSpan),
    payloads: payloads as readonly RedactedPayload[],
  };
}

const idsOf = ({ traceId, spanId }: RedactedSpan): string => traceId + spanId;

/** Grouped by who made them, spans come in another order. */
function inOrder(spans: readonly RedactedSpan[]): readonly RedactedSpan[] {
  return [...spans].sort((a, b) => (idsOf(a) < idsOf(b) ? -1 : 1));
}

/** Node compares much faster than the matcher, which is asked about what differs, to show it. */
function expectSame<T>(read: readonly T[], expected: readonly T[]): void {
  expect(read.length).toBe(expected.length);
  for (const [index, one] of read.entries()) {
    if (!isDeepStrictEqual(one, expected[index])) expect(one).toEqual(expected[index]);
  }
}

describe('10,000 traces', () => {
  it('are of all kinds', () => {
    expect(new Set(source.spans.map(({ traceId }) => traceId)).size).toBe(TRACES);
    expect(source.spans.length).toBeGreaterThan(2 * TRACES);
    expect(source.payloads.length).toBeGreaterThan(TRACES / 2);
  });

  it.each(['otlp-json', 'otlp-jsonl', 'otlp-proto', 'session'] as const)(
    'imported, exported and imported again as %s are identical',
    async (format) => {
      const file = exported(source, format);
      const once = await readWhole('once', file);
      expect(once).toMatchObject({ rejectedSpans: 0, problems: [] });
      const stored = asStored(once);
      const isSession = format === 'session';
      const expected = isSession ? source.spans : source.spans.map((span) => ({ ...span, findings: [] }));
      expectSame(inOrder(stored.spans), inOrder(expected));
      expect(stored.payloads.length).toBe(isSession ? source.payloads.length : 0);
      const again = await readWhole('again', exported(stored, format));
      expectSame(again.spans, once.spans);
      expectSame(again.payloads, once.payloads);
    },
    600_000,
  );

  it('are read the same by two decoders that are none of ours', () => {
    const read = expectSameByBothDecoders(exported(source, 'otlp-proto'), source.spans);
    expect(read).toHaveLength(source.spans.length);
    expectJsonAsProtobuf(exported(source, 'otlp-json'), read);
    expectLinesAsProtobuf(exported(source, 'otlp-jsonl'), read);
  }, 600_000);
});
