import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { Finding, LengthBucket, PayloadDirection } from '../../shared/domain/redacted.ts';
import { RULE_ID } from '../../shared/domain/redaction.ts';
import type { Attributes, AttributeValue } from '../../shared/domain/span.ts';
import { parseJson } from '../../shared/kernel/parse-json.ts';
import type { DecodedPayload } from '../decoded.ts';
import { FINDINGS_ATTRIBUTE, namesOfPayload } from '../payload-attributes.ts';

interface Recorded {
  /** Without those that were only on the way. */
  readonly attributes: Attributes;
  readonly findings: readonly Finding[];
  readonly payloads: readonly DecodedPayload[];
}

const PAYLOADS = { request: namesOfPayload('request'), response: namesOfPayload('response') } as const;
const DIRECTIONS: readonly PayloadDirection[] = ['request', 'response'];

/**
 * Takes captured bodies and findings, which travel as attributes of their span (see `payloadAttributes`), out of them.
 * They were written by anybody: a finding that has not the form and the bounds of one is left out.
 */
export function restoreRecorded(
  attributes: Attributes,
  { traceId, spanId }: { readonly traceId: TraceId; readonly spanId: SpanId },
): Recorded {
  const directions = DIRECTIONS.filter((direction) => typeof attributes[PAYLOADS[direction].text] === 'string');
  const hasFindings = Object.hasOwn(attributes, FINDINGS_ATTRIBUTE);
  if (directions.length === 0 && !hasFindings) return { attributes, findings: [], payloads: [] };
  const payloads = directions.map((direction) => toPayload(attributes, direction, traceId, spanId));
  const travelled = new Set<string>([
    FINDINGS_ATTRIBUTE,
    ...directions.flatMap((direction) => Object.values(PAYLOADS[direction])),
  ]);
  return {
    attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => !travelled.has(key))),
    findings: readFindings(attributes[FINDINGS_ATTRIBUTE]),
    payloads,
  };
}

function toPayload(
  attributes: Attributes,
  direction: PayloadDirection,
  traceId: TraceId,
  spanId: SpanId,
): DecodedPayload {
  const names = PAYLOADS[direction];
  const text = String(attributes[names.text]);
  const mediaType = attributes[names.mediaType];
  const size = attributes[names.originalBytes];
  return {
    traceId,
    spanId,
    direction,
    mediaType: mediaType === 'application/json' ? mediaType : 'text/plain',
    text,
    originalBytes: isCount(size) ? size : Buffer.byteLength(text),
    truncated: attributes[names.truncated] === true,
    findings: readFindings(attributes[names.findings]).filter(({ end }) => end <= text.length),
  };
}

/** Most findings of one span or body that are taken. */
const MAX_FINDINGS = 1_000;
const MAX_PATH_LENGTH = 16_384;
const HASH = /^[0-9a-f]{1,64}$/;
const BUCKETS: readonly unknown[] = ['1-8', '9-16', '17-32', '33-64', '65-256', '257+'] satisfies LengthBucket[];

function readFindings(value: AttributeValue | undefined): readonly Finding[] {
  if (typeof value !== 'string') return [];
  const list = parseJson(value);
  return Array.isArray(list) ? list.slice(0, MAX_FINDINGS).flatMap(readFinding) : [];
}

function readFinding(value: unknown): readonly Finding[] {
  if (typeof value !== 'object' || value === null) return [];
  const { path, start, end, rule, kind, length, hash } = value as Readonly<Record<string, unknown>>;
  const isWhole =
    typeof path === 'string' &&
    path.length <= MAX_PATH_LENGTH &&
    isCount(start) &&
    isCount(end) &&
    start <= end &&
    typeof rule === 'string' &&
    RULE_ID.test(rule) &&
    typeof kind === 'string' &&
    RULE_ID.test(kind) &&
    isBucket(length) &&
    typeof hash === 'string' &&
    HASH.test(hash);
  return isWhole ? [{ path, start, end, rule, kind, length, hash }] : [];
}

function isBucket(value: unknown): value is LengthBucket {
  return BUCKETS.includes(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
