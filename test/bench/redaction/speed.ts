import type { RawPayload } from '../../../src/redaction/port.ts';
import { createRedactor } from '../../../src/redaction/redactor.ts';
import type { RedactionPolicy } from '../../../src/shared/domain/redaction.ts';
import { isHarmless, readCorpus } from '../../redaction/corpus.ts';
import { makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { spreadOf, type Spread } from '../statistics.ts';
import { adversarialTexts } from './adversarial.ts';

export interface SpeedOptions {
  readonly rounds: number;
  readonly report: (line: string) => void;
  /** Of the adversarial texts, in characters; a megabyte unless it is said. */
  readonly size?: number;
  /** Of a body and a span, in a row: the clock is too coarse for one; as many as it takes unless it is said. */
  readonly calls?: number;
}

export interface AdversarialTime {
  readonly rule: string;
  readonly title: string;
  readonly millis: Spread;
}

export interface RedactionSpeed {
  readonly size: number;
  /** A text of that size with nothing to hide in it, full of what rules have to look at. */
  readonly benign: Spread;
  readonly adversarial: readonly AdversarialTime[];
  /** JSON of 100 KB with nothing to hide in it. */
  readonly document: Spread;
  /** The usual request of 760 bytes, and a span of ten attributes, in microseconds. */
  readonly body: Spread;
  readonly span: Spread;
}

const MEGABYTE = 1 << 20;
const DOCUMENT_SIZE = 100_000;
const BODY_SIZE = 760;

/** Every rule is on. */
const EVERYTHING: RedactionPolicy = {
  rules: [],
  builtIn: { email: { enabled: true }, phone: { enabled: true }, iban: { enabled: true } },
};

const NO_LIMIT = 64 * MEGABYTE;

/** Measures in this thread, as redaction runs in the gateway's. */
export function measureRedaction({ rounds, report, size = MEGABYTE, calls = 20_000 }: SpeedOptions): RedactionSpeed {
  const options = {
    hashKey: new Uint8Array(32).fill(7),
    limits: { textLength: NO_LIMIT, payloadBytes: NO_LIMIT },
    knownSecrets: new Set(['known-FAKE-value-1']),
  };
  const strict = createRedactor(options);
  strict.apply(EVERYTHING);
  const usual = createRedactor(options);
  const benign = benignText(size);
  const texts = adversarialTexts(size);
  const times = texts.map((): number[] => []);
  const benignTimes: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    report(`round ${round} of ${rounds}`);
    benignTimes.push(millisOf(() => strict.text(benign)));
    for (const [index, { text }] of texts.entries()) times[index]?.push(millisOf(() => strict.text(text)));
  }
  report('documents, bodies and spans');
  const document = payloadOf(benignDocument(DOCUMENT_SIZE));
  const body = payloadOf(benignBody());
  const span = benignSpan();
  return {
    size,
    benign: spreadOf(benignTimes),
    adversarial: texts.map(({ rule, title }, index) => ({ rule, title, millis: spreadOf(times[index] ?? []) })),
    document: spreadOf(repeatedly(rounds * 2, Math.ceil(calls / 1_000), () => usual.payload(document))),
    body: inMicros(spreadOf(repeatedly(rounds * 2, Math.ceil(calls / 4), () => usual.payload(body)))),
    span: inMicros(spreadOf(repeatedly(rounds * 2, calls, () => usual.span(span)))),
  };
}

/** Of this thread's processor time: others on the machine must not decide about a goal. */
function millisOf(run: () => unknown): number {
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** What one call took, on the average of `calls`, as often as `times` says; the first is for warming up. */
function repeatedly(times: number, calls: number, run: () => unknown): readonly number[] {
  const all: number[] = [];
  for (let time = 0; time <= times; time += 1)
    all.push(
      millisOf(() => {
        for (let call = 0; call < calls; call += 1) run();
      }) / calls,
    );
  return all.slice(1);
}

function inMicros({ median, lowest, highest }: Spread): Spread {
  return { median: median * 1_000, lowest: lowest * 1_000, highest: highest * 1_000 };
}

/** What the corpus has of harmless texts, one behind the other: logs, code, prose, addresses, documents. */
function benignText(size: number): string {
  const all = readCorpus()
    .filter((each) => isHarmless(each) && each.group === 'untouched')
    .map(({ input }) => input)
    .join('\n');
  return all.repeat(Math.ceil(size / all.length)).slice(0, size);
}

/** A long list, as search tools and databases answer with. */
function benignDocument(size: number): string {
  const items: object[] = [];
  for (let id = 0, length = 0; length < size - 200; id += 1) {
    const item = {
      id: `0b5c${id.toString(16).padStart(8, '0')}`,
      title: `Result ${id} of the search`,
      url: `https://docs.example/guide/page-${id}?lang=en&section=${id % 7}#part`,
      score: id / 1_000,
      tags: ['guide', 'reference', 'mcp'],
      text: 'A page about tools, resources and prompts, and how a client finds them: in the list, by name.',
    };
    items.push(item);
    length += JSON.stringify(item).length + 1;
  }
  return JSON.stringify({ jsonrpc: '2.0', id: 7, result: { structuredContent: { items } } });
}

function benignBody(): string {
  const request = (text: string): string =>
    JSON.stringify({
      jsonrpc: '2.0',
      id: 42,
      method: 'tools/call',
      params: {
        name: 'search_documents',
        arguments: { query: text, limit: 20, language: 'en', filters: { kind: 'guide', since: '2024-01-01' } },
        _meta: { progressToken: 42, traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
      },
    });
  return request('how a client finds tools '.repeat(40).slice(0, BODY_SIZE - request('').length));
}

function payloadOf(text: string): RawPayload {
  const isParsedJson = true;
  return {
    ...{ traceId: traceIdOf(1), spanId: spanIdOf(1), direction: 'request', mediaType: 'application/json' },
    ...{ text, isParsedJson },
  };
}

function benignSpan() {
  return makeSpan({
    name: 'tools/call search_documents',
    attributes: {
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'search_documents',
      'jsonrpc.request.id': '42',
      'mcp.session.id': '0f1e2d3c',
      'http.request.method': 'POST',
      'http.route': '/servers/{id}/mcp',
      'server.address': '127.0.0.1',
      'server.port': 8080,
      'user_agent.original': 'agent/1.0 (linux)',
      'url.full': 'http://127.0.0.1:8080/servers/echo/mcp',
    },
  });
}
