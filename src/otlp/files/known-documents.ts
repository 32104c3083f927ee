import { UserError } from '../../shared/kernel/user-error.ts';
import { isObject, listOf } from '../decode/json-fields.ts';
import type { JsonObject } from '../decode/json-fields.ts';
import { jsonResourceSpans } from '../decode/json-traces.ts';
import { PROBLEMS } from '../decode/problems.ts';
import type { SpanCollector } from '../decode/span-collector.ts';
import type { DecodedTraces } from '../decoded.ts';
import { SESSION_KEY, SESSION_VERSION } from '../session-file.ts';
import { jaegerTrace } from './jaeger.ts';
import type { JsonPart } from './json-parts.ts';
import { isZipkinSpan, zipkinSpan } from './zipkin.ts';

/** What a JSON file turned out to be. */
export type JsonFormat = 'OTLP JSON' | 'Throughline session' | 'Tempo JSON' | 'Jaeger JSON' | 'Zipkin JSON';

/** What else OTLP carries, which is no trace. */
export type OtherSignal = 'logs' | 'metrics' | 'profiles';

export interface DocumentReader {
  /** Reads a part of a document into the collector. Throws a UserError for a session of a newer version. */
  read(part: JsonPart): Generator<DecodedTraces>;
  /** To be called behind each document: what is known only then is read. */
  finish(): Generator<DecodedTraces>;
  /** Null until something known was seen. */
  format(): JsonFormat | null;
  otherSignal(): OtherSignal | null;
}

const GROUP_LISTS: Readonly<Record<string, JsonFormat>> = {
  resourceSpans: 'OTLP JSON',
  resource_spans: 'OTLP JSON',
  batches: 'Tempo JSON',
};
const OTHER_SIGNALS: Readonly<Record<string, OtherSignal>> = {
  resourceLogs: 'logs',
  resource_logs: 'logs',
  resourceMetrics: 'metrics',
  resource_metrics: 'metrics',
  resourceProfiles: 'profiles',
  resource_profiles: 'profiles',
};

/** What a part is as work, however small: a file may hold millions of them. */
const PART_BYTES = 50;

/** Knows documents by their members, whatever the file is called. */
export function createDocumentReader(fileName: string, collector: SpanCollector): DocumentReader {
  let format: JsonFormat | null = null;
  let otherSignal: OtherSignal | null = null;
  /** Of a Jaeger trace without the list around it; the processes may stand behind the spans. */
  let bareTrace: { spans: unknown[]; processes: unknown } | null = null;

  const recognise = (known: JsonFormat): void => {
    if (format !== 'Throughline session') format = known;
  };

  function* readMember({ key, value, isItem }: JsonPart): Generator<DecodedTraces> {
    if (key === null) yield* readOutermostItem(value);
    else if (Object.hasOwn(GROUP_LISTS, key)) {
      recognise(GROUP_LISTS[key] ?? 'OTLP JSON');
      if (isItem) yield* jsonResourceSpans(value, collector);
    } else if (key === 'trace' || key === 'result') yield* readWrapped(value);
    else if (key === 'data') {
      if (isItem && isJaegerTrace(value)) yield* readJaeger(value);
    } else if (key === SESSION_KEY) {
      refuseNewer(fileName, value);
      format = 'Throughline session';
    } else if (key === 'spans' && isItem) (bareTrace ??= { spans: [], processes: null }).spans.push(value);
    else if (key === 'processes') (bareTrace ??= { spans: [], processes: null }).processes = value;
    else if (Object.hasOwn(OTHER_SIGNALS, key)) otherSignal = OTHER_SIGNALS[key] ?? null;
  }

  /** Tempo (`trace`) and Jaeger's newer API (`result`) answer with the trace inside of something. */
  function* readWrapped(value: unknown): Generator<DecodedTraces> {
    if (!isObject(value)) return;
    const list = value['resourceSpans'] ?? value['resource_spans'] ?? value['batches'];
    if (!Array.isArray(list)) return;
    recognise('Tempo JSON');
    for (const group of listOf(list)) yield* jsonResourceSpans(group, collector);
  }

  function* readOutermostItem(value: unknown): Generator<DecodedTraces> {
    if (Array.isArray(value)) {
      // Zipkin's answer to a search: a list of traces, each a list of spans.
      for (const item of listOf(value)) yield* readOutermostItem(item);
    } else if (isZipkinSpan(value)) {
      recognise('Zipkin JSON');
      zipkinSpan(value, collector);
      if (collector.isFull()) yield collector.take();
    } else if (isJaegerTrace(value)) yield* readJaeger(value);
    else if (isObject(value)) yield* readDocument(value);
    else if (format === 'Zipkin JSON') collector.reject(PROBLEMS.notASpan);
  }

  function* readDocument(document: JsonObject): Generator<DecodedTraces> {
    for (const [key, value] of Object.entries(document)) {
      if (Array.isArray(value)) {
        yield* readMember({ key, value: [], isItem: false, bytes: 0 });
        for (const item of listOf(value)) yield* readMember({ key, value: item, isItem: true, bytes: 0 });
      } else yield* readMember({ key, value, isItem: false, bytes: 0 });
    }
  }

  function* readJaeger(trace: JsonObject): Generator<DecodedTraces> {
    recognise('Jaeger JSON');
    yield* jaegerTrace(trace, collector);
  }

  return {
    *read(part) {
      yield* readMember(part);
      collector.spend(part.bytes + PART_BYTES);
      if (collector.isFull()) yield collector.take();
    },
    *finish() {
      const trace = bareTrace;
      bareTrace = null;
      if (trace !== null && isJaegerTrace(trace)) yield* readJaeger(trace);
      collector.spend(PART_BYTES);
      if (collector.isFull()) yield collector.take();
    },
    format: () => format,
    otherSignal: () => otherSignal,
  };
}

function isJaegerTrace(value: unknown): value is JsonObject {
  return isObject(value) && Array.isArray(value['spans']) && isObject(value['processes']);
}

function refuseNewer(fileName: string, head: unknown): void {
  const version = isObject(head) ? head['version'] : null;
  if (typeof version === 'number' && version <= SESSION_VERSION) return;
  throw new UserError(
    `${fileName} was saved by a newer Throughline (session version ${typeof version === 'number' ? String(version) : 'unknown'}, this one reads up to ${String(SESSION_VERSION)}); update Throughline and open it again.`,
  );
}
