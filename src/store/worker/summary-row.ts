import type { SQLInputValue } from 'node:sqlite';
import type { ServerId, TraceId, UnixNano } from '../../shared/domain/ids.ts';
import type { TraceStatus, TraceSummary } from '../../shared/domain/trace.ts';
import type { SummaryFields } from '../summary/trace-aggregate.ts';

/** A row of SUMMARY_COLUMNS read with `setReadBigInts(true)`. */
export interface SummaryRow {
  readonly trace_id: TraceId;
  readonly revision: bigint;
  readonly name: string;
  readonly method: string | null;
  readonly target: string | null;
  readonly server_ids: string;
  readonly client: string | null;
  readonly client_protocol: string | null;
  readonly server_protocols: string;
  readonly services: string;
  readonly start_time: bigint;
  readonly end_time: bigint | null;
  readonly status: TraceStatus;
  readonly waits_for: string;
  readonly waited_ms: number;
  readonly blocked_by: string | null;
  readonly error_message: string | null;
  readonly span_count: bigint;
  readonly open_span_count: bigint;
  readonly error_count: bigint;
  readonly redaction_count: bigint;
  readonly payload_bytes: bigint;
  readonly remote_parent_missing: bigint;
  readonly upkeep: string | null;
}

const COLUMNS = [
  'trace_id',
  'revision',
  'name',
  'method',
  'target',
  'server_ids',
  'client',
  'client_protocol',
  'server_protocols',
  'services',
  'start_time',
  'end_time',
  'status',
  'waits_for',
  'waited_ms',
  'blocked_by',
  'error_message',
  'span_count',
  'open_span_count',
  'error_count',
  'redaction_count',
  'payload_bytes',
  'remote_parent_missing',
  'upkeep',
] as const satisfies readonly (keyof SummaryRow)[];

export const SUMMARY_COLUMNS = COLUMNS.map((column) => `t.${column}`).join(', ');

export function summaryOf(row: SummaryRow): TraceSummary {
  return {
    traceId: row.trace_id,
    name: row.name,
    method: row.method,
    target: row.target,
    serverIds: JSON.parse(row.server_ids) as ServerId[],
    client: row.client,
    clientProtocol: row.client_protocol,
    serverProtocols: JSON.parse(row.server_protocols) as string[],
    services: JSON.parse(row.services) as string[],
    startTime: row.start_time as UnixNano,
    endTime: row.end_time as UnixNano | null,
    status: row.status,
    waitsFor: JSON.parse(row.waits_for) as string[],
    waitedMs: row.waited_ms,
    blockedBy: row.blocked_by,
    errorMessage: row.error_message,
    spanCount: Number(row.span_count),
    openSpanCount: Number(row.open_span_count),
    errorCount: Number(row.error_count),
    redactionCount: Number(row.redaction_count),
    payloadBytes: Number(row.payload_bytes),
    remoteParentMissing: row.remote_parent_missing !== 0n,
    upkeep: row.upkeep,
    revision: Number(row.revision),
  };
}

/** Columns that only queries and the store itself read. */
export interface InternalFields {
  readonly traceNo: number;
  readonly createdRevision: number;
  readonly exceptionCount: number;
  readonly payloadCount: number;
  readonly bytes: number;
  readonly facetSet: number;
}

const WRITTEN = [
  'trace_no',
  'created_revision',
  'exception_count',
  'payload_count',
  'bytes',
  'facet_set',
  ...COLUMNS,
] as const satisfies readonly string[];

const KEYS: readonly string[] = ['trace_no', 'trace_id', 'created_revision'];

export const UPSERT_SUMMARY = `INSERT INTO traces (${WRITTEN.join(', ')})
VALUES (${WRITTEN.map(() => '?').join(', ')})
ON CONFLICT (trace_no) DO UPDATE SET ${WRITTEN.filter((column) => !KEYS.includes(column))
  .map((column) => `${column} = excluded.${column}`)
  .join(', ')}`;

/** Values for UPSERT_SUMMARY, in its order. */
export function upsertValues(
  traceId: TraceId,
  revision: number,
  internal: InternalFields,
  fields: SummaryFields,
): SQLInputValue[] {
  return [
    internal.traceNo,
    internal.createdRevision,
    internal.exceptionCount,
    internal.payloadCount,
    internal.bytes,
    internal.facetSet,
    traceId,
    revision,
    fields.name,
    fields.method,
    fields.target,
    JSON.stringify(fields.serverIds),
    fields.client,
    fields.clientProtocol,
    JSON.stringify(fields.serverProtocols),
    JSON.stringify(fields.services),
    clampTime(fields.startTime),
    fields.endTime === null ? null : clampTime(fields.endTime),
    fields.status,
    JSON.stringify(fields.waitsFor),
    fields.waitedMs,
    fields.blockedBy,
    fields.errorMessage,
    fields.spanCount,
    fields.openSpanCount,
    fields.errorCount,
    fields.redactionCount,
    fields.payloadBytes,
    fields.remoteParentMissing ? 1 : 0,
    fields.upkeep,
  ];
}

const MAX_TIME = 2n ** 63n - 1n;

/** OTLP times are unsigned 64-bit, SQLite integers signed: a nonsensical time from outside must not fail its batch. */
export function clampTime(time: bigint): bigint {
  return time > MAX_TIME ? MAX_TIME : time < 0n ? 0n : time;
}
