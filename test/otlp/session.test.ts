import { describe, expect, it } from 'vitest';
import { decodeTraceRequest } from '../../src/otlp/decode-traces.ts';
import { encodeTraces } from '../../src/otlp/encode-traces.ts';
import { joinExports } from '../../src/otlp/join-exports.ts';
import { createRedactor } from '../../src/redaction/redactor.ts';
import type { Finding, PayloadDirection } from '../../src/shared/domain/redacted.ts';
import type { CapturePolicy } from '../../src/shared/domain/settings.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { firstSpans, parseTraces } from './otlp-json.ts';
import { fixture, readWhole } from './read-file.ts';

const redactor = createRedactor({ hashKey: new Uint8Array(32) });

const SPANS = [1, 2, 3].map((number) =>
  redactor.span(
    makeSpan({
      traceId: traceIdOf(number),
      spanId: spanIdOf(number),
      name: number === 1 ? 'tool.invoke' : 'mcp.client.call',
      attributes: { 'url.full': `http://localhost/?token=secret-${String(number)}`, plain: number },
    }),
  ),
);

const BODIES = SPANS.flatMap(({ traceId, spanId }) =>
  (['request', 'response'] as const).map((direction) =>
    redactor.payload({
      traceId,
      spanId,
      direction,
      mediaType: 'application/json',
      text: JSON.stringify({ direction, password: `hunter-${spanId}`, text: 'é😀' }),
    }),
  ),
);

const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? String(field) : field)));

describe('a session file', () => {
  const bytes = encodeTraces(SPANS, BODIES, { format: 'session', withPayloads: false });

  it('comes back with every span, body and finding', async () => {
    const read = await readWhole('work.jsonl', bytes);
    expect(read).toMatchObject({ format: 'Throughline session', rejectedSpans: 0, problems: [] });
    expect(SPANS.every(({ findings }) => findings.length > 0)).toBe(true);
    expect(BODIES.every(({ findings }) => findings.length > 0)).toBe(true);
    expect(plain(read.spans.map(({ record, findings }) => ({ ...record, findings })))).toEqual(plain(SPANS));
    expect(read.payloads).toEqual(BODIES);
  });

  it('is OTLP JSON Lines to others: a first line without spans, then a trace a line', () => {
    const lines = Buffer.from(bytes).toString().trimEnd().split('\n');
    expect(lines[0]).toBe('{"resourceSpans":[],"throughlineSession":{"version":1}}');
    expect(lines.slice(1).map((line) => firstSpans(parseTraces(Buffer.from(line))).length)).toEqual([1, 1, 1]);
  });

  it('is made of the lines of its traces, too', async () => {
    const lines = SPANS.map((span) =>
      encodeTraces(
        [span],
        BODIES.filter(({ spanId }) => spanId === span.spanId),
        {
          format: 'otlp-jsonl',
          withPayloads: true,
          withFindings: true,
        },
      ),
    );
    expect(Buffer.from(joinExports(lines, 'session'))).toEqual(Buffer.from(bytes));
    const empty = await readWhole('empty', joinExports([], 'session'));
    expect(empty).toEqual({ format: 'Throughline session', spans: [], payloads: [], rejectedSpans: 0, problems: [] });
  });

  it('that somebody saved once is read the same by later versions', async () => {
    const read = await readWhole('session.jsonl', await fixture('session.jsonl'));
    expect(read.spans[0]).toMatchObject({
      record: { name: 'plan trip', attributes: { 'url.query': 'token=•••', retried: false } },
      findings: [
        {
          ...{ path: '/attributes/url.query', start: 6, end: 9, rule: 'url-query' },
          ...{ kind: 'token', length: '17-32', hash: '0123456789abcdef' },
        },
      ],
    });
    expect(Object.keys(read.spans[0]!.record.attributes).filter((key) => key.startsWith('throughline.'))).toEqual([]);
    expect(read.payloads).toEqual([
      {
        ...{ traceId: read.spans[0]!.record.traceId, spanId: read.spans[0]!.record.spanId, direction: 'request' },
        ...{ mediaType: 'application/json', text: '{"params":{"arguments":{"password":"•••"}}}' },
        ...{ originalBytes: 51, truncated: false },
        findings: [
          {
            ...{ path: '/params/arguments/password', start: 0, end: 3, rule: 'key-name' },
            ...{ kind: 'password', length: '9-16', hash: '5a95bf2ebab9c6e9' },
          },
        ],
      },
    ]);
  });
});

describe('findings that others wrote', () => {
  const good: Finding = {
    ...{ path: '/a', start: 0, end: 3, rule: 'key-name', kind: 'password' },
    ...{ length: '1-8', hash: 'abc123' },
  };

  function readBack(findings: unknown, text = '{"a":"•••"}') {
    const name = 'throughline.payload.request';
    const span = makeSpan({
      attributes: {
        'throughline.findings': typeof findings === 'string' ? findings : JSON.stringify(findings),
        [name]: text,
        [`${name}.findings`]: JSON.stringify(findings),
      },
    });
    const read = decodeTraceRequest(
      encodeTraces([span], [], { format: 'otlp-proto', withPayloads: false }),
      'protobuf',
    );
    expect(read.spans[0]!.record.attributes).toEqual({});
    return { span: read.spans[0]!.findings, body: read.payloads[0]!.findings };
  }

  it('are taken when they have the form and the bounds of one', () => {
    expect(readBack([{ ...good, more: 'than known' }])).toEqual({ span: [good], body: [good] });
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['no list', { ...good }],
    ['no objects', [null, 1, 'a', []]],
    ['no path', [{ ...good, path: 5 }]],
    ['an endless path', [{ ...good, path: '/'.repeat(20_000) }]],
    [
      'places that are no numbers',
      [
        { ...good, start: '0' },
        { ...good, end: 1.5 },
        { ...good, end: -1 },
      ],
    ],
    ['an end before the start', [{ ...good, start: 4 }]],
    ['a rule that no rule is called', [{ ...good, rule: '<b>' }]],
    ['a kind that is a text', [{ ...good, kind: 'it was hunter2' }]],
    ['another length', [{ ...good, length: '12' }]],
    ['a hash that is none', [{ ...good, hash: 'hunter2' }]],
  ])('are left out when there is %s', (_, findings) => {
    expect(readBack(findings)).toEqual({ span: [], body: [] });
  });

  it('are left out beyond the end of a body, and beyond a thousand', () => {
    expect(readBack([good], '12')).toEqual({ span: [good], body: [] });
    expect(readBack(Array<Finding>(1_005).fill(good)).span).toHaveLength(1_000);
  });

  it('and bodies may be said in part only', () => {
    const span = makeSpan({ attributes: { 'throughline.payload.response': 'é', 'throughline.payload.request': 7 } });
    const bytes = encodeTraces([span], [], { format: 'otlp-json', withPayloads: false });
    const { spans, payloads } = decodeTraceRequest(bytes, 'json');
    expect(payloads).toEqual([
      {
        ...{ traceId: span.traceId, spanId: span.spanId, direction: 'response', mediaType: 'text/plain', text: 'é' },
        ...{ originalBytes: 2, truncated: false, findings: [] },
      },
    ]);
    expect(spans[0]!.record.attributes).toEqual({ 'throughline.payload.request': 7 });
  });
});

describe('R22: bodies leave with an export', () => {
  const none: CapturePolicy = { requests: 'none', responses: 'none' };

  it.each<[string, boolean | CapturePolicy, readonly [spanName: string, direction: PayloadDirection][]]>([
    ['never unless asked', false, []],
    ['never by a policy for none', none, []],
    [
      'all of them by a policy for all requests',
      { ...none, requests: 'all' },
      [
        ['tool.invoke', 'request'],
        ['mcp.client.call', 'request'],
        ['mcp.client.call', 'request'],
      ],
    ],
    ['of spans with a name', { ...none, responses: ['tool.invoke', 'other'] }, [['tool.invoke', 'response']]],
    [
      'each direction by its own names',
      { requests: ['tool.invoke'], responses: ['mcp.client.call'] },
      [
        ['tool.invoke', 'request'],
        ['mcp.client.call', 'response'],
        ['mcp.client.call', 'response'],
      ],
    ],
  ])('%s', (_, withPayloads, expected) => {
    for (const format of ['otlp-json', 'otlp-proto'] as const) {
      const bytes = encodeTraces(SPANS, BODIES, { format, withPayloads });
      const { spans, payloads } = decodeTraceRequest(bytes, format === 'otlp-json' ? 'json' : 'protobuf');
      const nameOf = new Map(spans.map(({ record }) => [record.spanId, record.name]));
      expect(payloads.map(({ spanId, direction }) => [nameOf.get(spanId), direction])).toEqual(expected);
      expect(spans.flatMap(({ findings }) => findings)).toEqual([]);
      expect(payloads.flatMap(({ findings }) => findings)).toEqual([]);
    }
  });

  it('with nothing that is no part of them', () => {
    const payload = makePayload({ text: 'plain', mediaType: 'text/plain', truncated: true, originalBytes: 99 });
    const bytes = encodeTraces([makeSpan()], [payload], { format: 'otlp-proto', withPayloads: true });
    expect(decodeTraceRequest(bytes, 'protobuf').payloads).toEqual([payload]);
  });
});
