import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import protobuf from 'protobufjs/minimal.js';
import { parseJson } from '../../shared/kernel/parse-json.ts';
import type { SendOutcome } from './otlp-sender.ts';
import { MAX_WAIT_MS } from './retry-after.ts';

/** How much of an endpoint's own words is repeated. */
const MAX_MESSAGE_LENGTH = 300;

/** What an ExportTraceServiceResponse says. One that cannot be read says nothing: the request was taken. */
export function takenOutcome(body: Uint8Array, encoding: 'json' | 'protobuf'): SendOutcome {
  const { rejectedSpans, errorMessage } = partialSuccessOf(body, encoding) ?? {};
  return {
    kind: 'taken',
    // 64-bit numbers are strings in OTLP/JSON, and most endpoints write numbers all the same.
    rejectedSpans: Math.max(0, Math.trunc(Number(rejectedSpans ?? 0)) || 0),
    message: typeof errorMessage === 'string' ? shortened(errorMessage) : '',
  };
}

interface PartialSuccess {
  readonly rejectedSpans?: unknown;
  readonly errorMessage?: unknown;
}

function partialSuccessOf(body: Uint8Array, encoding: 'json' | 'protobuf'): PartialSuccess | undefined {
  if (body.length === 0) return undefined;
  if (encoding === 'json') return partialSuccessIn(parseJson(new TextDecoder().decode(body)));
  try {
    return ProtobufTraceSerializer.deserializeResponse(body).partialSuccess;
  } catch {
    // Taken in any case: the status said so, and sending it again would double it.
    return undefined;
  }
}

function partialSuccessIn(answer: unknown): PartialSuccess | undefined {
  if (typeof answer !== 'object' || answer === null || !('partialSuccess' in answer)) return undefined;
  const { partialSuccess } = answer;
  return typeof partialSuccess === 'object' && partialSuccess !== null ? partialSuccess : undefined;
}

/** What the body of a refusal says (`google.rpc.Status`), as far as it can be read; empty when it says nothing. */
export function refusalMessage(body: Uint8Array, contentType: string): string {
  if (contentType.includes('protobuf')) return shortened(messageOfStatus(body));
  const text = new TextDecoder().decode(body);
  const answer = parseJson(text);
  if (typeof answer === 'object' && answer !== null && 'message' in answer && typeof answer.message === 'string')
    return shortened(answer.message);
  return contentType.includes('text/plain') ? shortened(text) : '';
}

const STATUS_MESSAGE = 2;
const STATUS_DETAILS = 3;

function messageOfStatus(body: Uint8Array): string {
  const [message] = fieldsOf(body).get(STATUS_MESSAGE) ?? [];
  return message === undefined ? '' : new TextDecoder().decode(message);
}

const ANY_TYPE = 1;
const ANY_VALUE = 2;
const RETRY_DELAY = 1;
const RETRY_INFO = 'google.rpc.RetryInfo';

/**
 * How long a gRPC endpoint wants to be left alone, in milliseconds: the RetryInfo among the details of a
 * `google.rpc.Status` (`grpc-status-details-bin`). Null when it does not say.
 */
export function retryInfoMillis(status: Uint8Array): number | null {
  for (const detail of fieldsOf(status).get(STATUS_DETAILS) ?? []) {
    const fields = fieldsOf(detail);
    const type = new TextDecoder().decode(fields.get(ANY_TYPE)?.[0]);
    const value = fields.get(ANY_VALUE)?.[0];
    if (!type.endsWith(`/${RETRY_INFO}`) || value === undefined) continue;
    const delay = fieldsOf(value).get(RETRY_DELAY)?.[0];
    return delay === undefined ? 0 : durationMillis(delay);
  }
  return null;
}

/** A `google.protobuf.Duration`: seconds (1) and nanoseconds (2). */
function durationMillis(duration: Uint8Array): number {
  const reader = protobuf.Reader.create(duration);
  let millis = 0;
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const value = reader.uint32();
      millis += tag >>> 3 === 1 ? value * 1_000 : value / 1e6;
    }
  } catch {
    // A duration that is no duration: nothing is known.
    return 0;
  }
  return Math.min(Math.round(millis), MAX_WAIT_MS);
}

const LENGTH_DELIMITED = 2;

/** The length-delimited fields of a message, by their number; those before the place where it cannot be read. */
function fieldsOf(message: Uint8Array): ReadonlyMap<number, readonly Uint8Array[]> {
  const fields = new Map<number, Uint8Array[]>();
  const reader = protobuf.Reader.create(message);
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if ((tag & 7) !== LENGTH_DELIMITED) {
        reader.skipType(tag & 7);
        continue;
      }
      const number = tag >>> 3;
      fields.set(number, [...(fields.get(number) ?? []), reader.bytes()]);
    }
  } catch {
    // Only advice is read here: an answer that breaks off advises less.
  }
  return fields;
}

function shortened(text: string): string {
  const trimmed = text.trim().replace(/\.$/, '');
  return trimmed.length <= MAX_MESSAGE_LENGTH ? trimmed : `${trimmed.slice(0, MAX_MESSAGE_LENGTH)}…`;
}
