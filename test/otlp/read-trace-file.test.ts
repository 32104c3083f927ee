import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeTraces } from '../../src/otlp/encode-traces.ts';
import { openTraceFile } from '../../src/otlp/read-trace-file.ts';
import type { SpanRecord } from '../../src/shared/domain/span.ts';
import { UserError } from '../../src/shared/kernel/user-error.ts';
import { makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { fixture, readWhole } from './read-file.ts';
import { AGENT_SPAN, SERVER_SPAN } from './story.ts';
import { toProtobuf } from './to-protobuf.ts';

async function recordsOf(fileName: string, bytes: Uint8Array): Promise<readonly SpanRecord[]> {
  return (await readWhole(fileName, bytes)).spans.map(({ record }) => record);
}

async function story(): Promise<{ readonly resourceSpans: readonly unknown[] }> {
  return JSON.parse((await fixture('otlp.json')).toString()) as { resourceSpans: unknown[] };
}

describe('R96: a file with traces', () => {
  it.each([
    ['otlp.json', 'OTLP JSON', []],
    ['otlp-windows.jsonl', 'OTLP JSON Lines', ['Line 3 is not complete JSON; the other lines were read.']],
    ['otlp-list.json', 'OTLP JSON', []],
    ['otlp-before-scopes.json', 'OTLP JSON', []],
    ['otlp-snake-case.json', 'OTLP JSON', []],
    ['otlp-bare-numbers.json', 'OTLP JSON', []],
    ['tempo-v1.json', 'Tempo JSON', []],
    ['tempo-v2.json', 'Tempo JSON', []],
  ])('%s is %s and tells the story', async (name, format, problems) => {
    const read = await readWhole(name, await fixture(name));
    expect(read).toMatchObject({ format, payloads: [], rejectedSpans: 0 });
    expect(read.problems).toEqual(problems);
    expect(read.spans).toEqual([
      { record: AGENT_SPAN, findings: [] },
      { record: SERVER_SPAN, findings: [] },
    ]);
  });

  it.each(['otlp.json', 'otlp-windows.jsonl', 'jaeger.json', 'zipkin.json', 'session.jsonl'])(
    '%s may be packed with gzip and called anything',
    async (name) => {
      const bytes = await fixture(name);
      const plain = await readWhole('a', bytes);
      expect(await readWhole('b.txt', gzipSync(bytes))).toEqual({ ...plain, format: `${plain.format} (gzip)` });
    },
  );

  it('may be protobuf, as OTLP writes it and as Tempo answers with it', async () => {
    const protobuf = toProtobuf(await story());
    expect(await readWhole('trace.bin', protobuf)).toMatchObject({ format: 'OTLP protobuf', problems: [] });
    expect(await recordsOf('trace.bin', protobuf)).toEqual([AGENT_SPAN, SERVER_SPAN]);
    const length = [0x80 | (protobuf.length & 127), protobuf.length >> 7];
    const answer = Buffer.concat([Buffer.from([0x0a, ...length]), protobuf, Buffer.from([0x12, 0x02, 0x08, 0x01])]);
    expect(await readWhole('trace.bin', answer)).toMatchObject({ format: 'Tempo protobuf', problems: [] });
    expect(await recordsOf('trace.bin', answer)).toEqual([AGENT_SPAN, SERVER_SPAN]);
  });

  it('may be UTF-16, as Windows writes what is redirected into a file', async () => {
    const text = (await fixture('otlp.json')).toString();
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    expect(await recordsOf('export.json', utf16)).toEqual([AGENT_SPAN, SERVER_SPAN]);
  });

  it('may be the answer of the newer API of Jaeger', async () => {
    const answer = Buffer.from(JSON.stringify({ result: await story() }));
    expect(await recordsOf('answer', answer)).toEqual([AGENT_SPAN, SERVER_SPAN]);
  });

  it('of Jaeger keeps what it says in its own words', async () => {
    const read = await readWhole('jaeger.json', await fixture('jaeger.json'));
    expect(read).toMatchObject({ format: 'Jaeger JSON', rejectedSpans: 0, problems: [] });
    const micros = (nanos: bigint) => (nanos / 1_000n) * 1_000n;
    const [agent, server] = read.spans.map(({ record }) => record);
    expect(agent).toEqual({
      ...AGENT_SPAN,
      startTime: micros(AGENT_SPAN.startTime),
      endTime: micros(AGENT_SPAN.startTime) + 900_000_000n,
      attributes: {
        'gen_ai.agent.name': 'Kōbō ✈',
        'gen_ai.usage.input_tokens': 1824,
        'gen_ai.request.temperature': 0.2,
        retried: false,
        big: '9007199254740993',
        'jaeger.warnings': ['clock skew adjustment disabled'],
      },
      events: [{ name: 'plan ready', time: micros(AGENT_SPAN.events[0]!.time), attributes: { steps: 3 } }],
      dropped: { attributes: 0, events: 0, links: 0 },
    });
    expect(server).toEqual({
      ...SERVER_SPAN,
      startTime: micros(SERVER_SPAN.startTime),
      endTime: micros(SERVER_SPAN.endTime!),
      attributes: { 'mcp.method.name': 'tools/call' },
      links: [{ ...SERVER_SPAN.links[0], attributes: { 'opentracing.ref_type': 'follows_from' } }],
    });
  });

  it('of Jaeger may be one trace without the list around it, in any order', async () => {
    const { data } = JSON.parse((await fixture('jaeger.json')).toString()) as { data: [Record<string, unknown>] };
    const { spans, processes, traceID } = data[0];
    const expected = (await readWhole('a', await fixture('jaeger.json'))).spans;
    for (const trace of [
      { traceID, spans, processes },
      { processes, traceID, spans },
    ]) {
      expect((await readWhole('b', Buffer.from(JSON.stringify(trace)))).spans).toEqual(expected);
      expect((await readWhole('c', Buffer.from(JSON.stringify([trace])))).spans).toEqual(expected);
    }
  });

  it('of Zipkin keeps both ends of a call that share an id', async () => {
    const read = await readWhole('zipkin.json', await fixture('zipkin.json'));
    expect(read).toMatchObject({ format: 'Zipkin JSON', rejectedSpans: 0, problems: [] });
    expect(read.spans.map(({ record }) => record)).toMatchObject([
      {
        ...{ spanId: AGENT_SPAN.spanId, parentSpanId: null, name: 'plan trip', kind: 'internal' },
        status: { code: 'ok', message: null },
        attributes: { 'gen_ai.agent.name': 'Kōbō ✈' },
        events: [{ name: 'plan ready' }],
        origin: {
          resource: { 'service.name': 'travel-agent', 'host.ip': '10.0.0.7' },
          scopeName: 'agent',
          scopeVersion: '2.1.0',
        },
      },
      {
        ...{ spanId: 'b9c7c989f97918e1', parentSpanId: AGENT_SPAN.spanId, kind: 'client', parentIsRemote: false },
        attributes: {
          'service.peer.name': 'weather-server',
          'network.peer.address': '10.0.0.9',
          'network.peer.port': 443,
        },
      },
      {
        ...{ spanId: '39c7c989f97918e1', parentSpanId: 'b9c7c989f97918e1', kind: 'server', parentIsRemote: true },
        status: { code: 'error', message: 'The station did not answer.' },
        attributes: {},
      },
    ]);
    const traces = [JSON.parse((await fixture('zipkin.json')).toString())];
    expect((await readWhole('search', Buffer.from(JSON.stringify(traces)))).spans).toEqual(read.spans);
  });

  it('names every kind of thing that is odd about its spans once', async () => {
    const read = await readWhole('odd.json', await fixture('otlp-odd-spans.json'));
    expect(read.rejectedSpans).toBe(4);
    expect(read.problems).toEqual([
      'Spans without a trace id of 16 bytes were left out.',
      'Spans without a span id of 8 bytes were left out.',
      'Parent ids that are not 8 bytes were left out, so their spans are drawn as roots.',
      'Spans without an end are taken as ended when they began.',
      'Spans without a start begin when they end.',
      'Spans that end before they begin are taken as ended when they began.',
      'Times after the year 2262 were left out.',
      'Spans without any time are placed in 1970.',
      'Links without a trace id of 16 bytes and a span id of 8 were left out.',
      'Spans that are no objects were left out.',
    ]);
    const start = AGENT_SPAN.startTime;
    expect(read.spans.map(({ record }) => [record.name, record.startTime, record.endTime])).toEqual([
      ['zero parent', start, start + 5n],
      ['odd parent', start, start + 5n],
      ['no end', start, start],
      ['no start', start, start],
      ['ends first', start, start],
      ['far away', start, start],
      ['no time', 0n, 0n],
      ['bad link', start, start],
    ]);
    expect(read.spans.map(({ record }) => record.parentSpanId)).toEqual(Array<null>(8).fill(null));
  });
});

describe('R96: a file that cannot be read', () => {
  const nothingKnown =
    'x is JSON, but holds no traces of OTLP, Tempo, Jaeger or Zipkin; export the traces in one of these forms.';
  const noTraces =
    'x holds no traces that can be read; choose OTLP as JSON, JSON Lines or protobuf, or the JSON of Tempo, Jaeger or Zipkin.';

  it.each<[string, () => Uint8Array | Promise<Uint8Array>, string]>([
    ['that is empty', () => Buffer.alloc(0), 'x is empty; choose a file with traces.'],
    ['of blank lines', () => Buffer.from(' \n\r\n'), 'x is empty; choose a file with traces.'],
    ['with logs', () => fixture('logs.json'), 'x holds logs, not traces; export the traces and import that file.'],
    [
      'with metrics',
      () => fixture('metrics.json'),
      'x holds metrics, not traces; export the traces and import that file.',
    ],
    [
      'with logs in protobuf',
      // ResourceLogs, ScopeLogs, LogRecord with a time.
      () => Buffer.from('0a0d120b12090901000000000000 00'.replace(' ', ''), 'hex'),
      'x holds logs, not traces; export the traces and import that file.',
    ],
    [
      'with metrics in protobuf',
      // ResourceMetrics, ScopeMetrics, Metric with a name.
      () => Buffer.from('0a0912071205 0a0363616c'.replace(' ', ''), 'hex'),
      'x holds metrics, not traces; export the traces and import that file.',
    ],
    ['with other JSON', () => fixture('other.json'), nothingKnown],
    ['with a list of other JSON', () => Buffer.from('[1, "a", {}]'), nothingKnown],
    ['with lines of other JSON', () => Buffer.from('{"level":"info"}\n{"level":"warn"}\n'), nothingKnown],
    ['that breaks off', () => Buffer.from('{"resource'), 'x is not complete JSON; get it again and import that.'],
    [
      'of a newer session',
      () => fixture('session-newer.jsonl'),
      'x was saved by a newer Throughline (session version 2, this one reads up to 1); update Throughline and open it again.',
    ],
    [
      'with a history',
      () => Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(84)]),
      'x is a database, not an exported file; if it is a history of Throughline, open it with "throughline serve --data-dir FOLDER" and the folder it is in.',
    ],
    [
      'with an image',
      () => Buffer.from('89504e470d0a1a0a0000000d', 'hex'),
      'x is an image, not a file with traces; choose the exported traces.',
    ],
    ['with text', () => Buffer.from('Dear Sir or Madam'), noTraces],
    [
      'with half of a gzip',
      () => gzipSync(Buffer.from('{"resourceSpans":[]}')).subarray(0, 20),
      'x is a gzip file that is damaged or breaks off; get it again and import that.',
    ],
    [
      'with half of a protobuf',
      () => encodeTraces([makeSpan()], [], { format: 'otlp-proto', withPayloads: false }).subarray(0, 40),
      'x is damaged or breaks off, if it is OTLP in protobuf; get it again and import that.',
    ],
  ])('%s is refused in one sentence', async (_, bytes, sentence) => {
    const read = readWhole('x', await bytes());
    await expect(read).rejects.toThrow(new UserError(sentence));
  });

  it('is refused when little gzip becomes more than 256 MiB, without unpacking all of it', async () => {
    const mebibyte = gzipSync(Buffer.alloc(1024 * 1024, 0x20));
    const bomb = Buffer.concat(Array<Buffer>(257).fill(mebibyte));
    await expect(openTraceFile('bomb.gz', bomb)).rejects.toThrow(
      new UserError('bomb.gz holds more than 256 MiB, the most that is read at once; split it and import the parts.'),
    );
  });

  it('gives what stands before the place where it breaks off', async () => {
    const spans = Array.from({ length: 40 }, (_, n) =>
      makeSpan({
        traceId: traceIdOf(n + 1),
        spanId: spanIdOf(n + 1),
        origin: { resource: { n }, scopeName: 'test', scopeVersion: null },
      }),
    );
    for (const format of ['otlp-json', 'otlp-proto'] as const) {
      const bytes = encodeTraces(spans, [], { format, withPayloads: false });
      const read = await readWhole('half', bytes.subarray(0, bytes.length / 2 - 7));
      expect(read.spans.length).toBeGreaterThan(15);
      expect(read.problems).toEqual(['The file is damaged or breaks off; what stands before that place was read.']);
    }
  });
});

describe('a large file', () => {
  const spans = Array.from({ length: 6_000 }, (_, n) =>
    makeSpan({
      traceId: traceIdOf(Math.floor(n / 10) + 1),
      spanId: spanIdOf(n + 1),
      attributes: { text: `"[{${'x'.repeat(n % 90)}}]\\"` },
      origin: { resource: { n: n % 300 }, scopeName: 'test', scopeVersion: null },
    }),
  );

  it.each(['otlp-json', 'otlp-jsonl', 'otlp-proto', 'session'] as const)(
    'of %s comes in pieces, with the same spans',
    async (format) => {
      const file = await openTraceFile('large', encodeTraces(spans, [], { format, withPayloads: false }));
      const pieces = [...file.pieces()];
      expect(Math.max(...pieces.map((piece) => piece.spans.length))).toBeLessThan(500);
      const ids = pieces.flatMap((piece) => piece.spans.map(({ record }) => record.spanId));
      expect(ids.sort()).toEqual(spans.map(({ spanId }) => spanId).sort());
      expect(pieces.flatMap(({ problems }) => problems)).toEqual([]);
    },
  );

  it('may be written with spaces and line breaks', async () => {
    const document: unknown = JSON.parse(
      Buffer.from(encodeTraces(spans, [], { format: 'otlp-json', withPayloads: false })).toString(),
    );
    const pretty = await readWhole('pretty.json', Buffer.from(JSON.stringify(document, null, '\t')));
    expect(pretty).toMatchObject({ format: 'OTLP JSON', problems: [] });
    expect(pretty.spans).toEqual((await readWhole('plain.json', Buffer.from(JSON.stringify(document)))).spans);
    expect(pretty.spans).toHaveLength(6_000);
  });

  it('of lines names the first ten that are broken', async () => {
    const good = JSON.stringify({ resourceSpans: [] });
    const lines = [good, ...Array.from({ length: 14 }, () => '{"resourceSp'), good];
    const { problems } = await readWhole('lines', Buffer.from(lines.join('\n')));
    expect(problems).toHaveLength(11);
    expect(problems[0]).toBe('Line 2 is not complete JSON; the other lines were read.');
    expect(problems[10]).toBe('More than 10 lines are not complete JSON.');
  });

  it('of lines that are all broken is given up, and comes in pieces until then', async () => {
    const good = JSON.stringify({ resourceSpans: [] });
    const file = await openTraceFile('lines', Buffer.from(`${good}\n${'{\n'.repeat(200_000)}${good}`));
    const pieces = [...file.pieces()];
    expect(pieces.length).toBeGreaterThan(20);
    expect(pieces.at(-1)?.problems.at(-1)).toBe(
      'More than 10000 lines are not complete JSON, so the rest was not read.',
    );
  });

  it('of lines may have a first line that is broken', async () => {
    const good = Buffer.from(encodeTraces([makeSpan()], [], { format: 'otlp-jsonl', withPayloads: false })).toString();
    const read = await readWhole('lines', Buffer.from(`${good.slice(0, 50)}\n${good}`));
    expect(read.spans).toHaveLength(1);
    expect(read.problems).toEqual(['Line 1 is not complete JSON; the other lines were read.']);
  });
});
