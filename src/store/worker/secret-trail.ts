import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { Finding, RedactedSpan } from '../../shared/domain/redacted.ts';
import type { TrailStep } from '../../shared/domain/redaction.ts';
import { ATTRIBUTE } from '../attribute-keys.ts';
import { hashesIn } from '../codec/finding-hashes.ts';
import { directionOf, parsePayloads } from '../codec/payload-rows.ts';
import { decodeSpans } from '../codec/span-rows.ts';

/** A trail through more traces than this is shown from the newest of them on. */
const MAX_TRACES = 200;
const MAX_STEPS = 1_000;

/** In which traces a secret was hidden, by its hash. The rows of a trace go with it. */
export class SecretTrail {
  readonly #insert: StatementSync;
  readonly #tracesOf: StatementSync;
  readonly #partsOf: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT OR IGNORE INTO trail (hash, trace_no) VALUES (?, ?)');
    this.#tracesOf = database.prepare(
      `SELECT t.trace_no, t.trace_id FROM trail r JOIN traces t ON t.trace_no = r.trace_no
       WHERE r.hash = ? ORDER BY t.start_time DESC LIMIT ${MAX_TRACES}`,
    );
    this.#partsOf = database.prepare('SELECT spans, payloads FROM parts WHERE trace_no = ? ORDER BY part_no');
  }

  add(traceNo: number, part: { readonly spans: string; readonly payloads: string }): void {
    for (const hash of hashesIn(part)) this.#insert.run(hash, traceNo);
  }

  /** Where the secret was hidden, oldest first: once for each span, and for each of its bodies. */
  find(hash: string): TrailStep[] {
    const steps: TrailStep[] = [];
    for (const { trace_no, trace_id } of this.#tracesOf.all(hash) as TraceRow[]) {
      if (steps.length >= MAX_STEPS) break;
      steps.push(...this.#stepsIn(trace_no, trace_id, hash));
    }
    return steps.sort(byTime).slice(-MAX_STEPS);
  }

  #stepsIn(traceNo: number, traceId: TraceId, hash: string): TrailStep[] {
    const parts = this.#partsOf.all(traceNo) as PartRow[];
    const spans = new Map<SpanId, RedactedSpan>();
    for (const part of parts) for (const span of decodeSpans(part.spans, traceId)) spans.set(span.spanId, span);
    const steps: TrailStep[] = [];
    const add = (spanId: SpanId, direction: TrailStep['direction'], findings: readonly Finding[]): void => {
      const finding = findings.find((candidate) => candidate.hash === hash);
      const span = spans.get(spanId);
      if (finding !== undefined && span !== undefined) steps.push(stepOf(span, direction, finding));
    };
    for (const span of spans.values()) add(span.spanId, null, span.findings);
    for (const part of parts)
      for (const row of parsePayloads(part.payloads)) add(row[0], directionOf(row), row[6] ?? []);
    return steps;
  }
}

function stepOf(span: RedactedSpan, direction: TrailStep['direction'], finding: Finding): TrailStep {
  const { traceId, spanId, name: spanName, startTime } = span;
  const server = span.attributes[ATTRIBUTE.serverId];
  return {
    traceId,
    spanId,
    direction,
    spanName,
    serverId: typeof server === 'string' ? server : null,
    startTime,
    finding,
  };
}

const ORDER = { request: 0, none: 1, response: 2 } as const;

function byTime(a: TrailStep, b: TrailStep): number {
  if (a.startTime !== b.startTime) return a.startTime < b.startTime ? -1 : 1;
  return ORDER[a.direction ?? 'none'] - ORDER[b.direction ?? 'none'];
}

type TraceRow = Readonly<{
  trace_no: number;
  trace_id: TraceId;
}>;

type PartRow = Readonly<{
  spans: string;
  payloads: string;
}>;
