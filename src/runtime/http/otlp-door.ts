import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeExportAnswer, encodeStatus } from '../../otlp/answers.ts';
import { traceRequestPieces, type OtlpEncoding } from '../../otlp/decode-traces.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import type { ReceiverTally } from '../ingest/receiver-counts.ts';
import type { SpanIngest } from '../ingest/span-ingest.ts';
import type { ReportFailure } from '../log.ts';
import type { HttpDoor } from './http-door.ts';
import { BUSY, createByteBudget, readPackedBody, type BodyLimits } from './read-packed-body.ts';
import { sendBytes } from './replies.ts';

export const OTLP_PATH = '/v1/traces';

export interface OtlpDoorOptions {
  readonly ingest: SpanIngest;
  readonly tally: ReceiverTally;
  /** Why no spans are taken now, in one sentence; null when they are. */
  readonly closedBecause: () => string | null;
  readonly report: ReportFailure;
  readonly limits?: Partial<OtlpLimits>;
}

export interface OtlpLimits extends BodyLimits {
  /** Bytes of all bodies that are being taken in, unpacked. */
  readonly inFlight: number;
  /** Requests that are being taken in. */
  readonly requests: number;
}

const MEBIBYTE = 1024 * 1024;
const LIMITS: OtlpLimits = {
  wire: 16 * MEBIBYTE,
  unpacked: 64 * MEBIBYTE,
  advice: 'send fewer spans at a time',
  inFlight: 128 * MEBIBYTE,
  requests: 512,
};

/** Seconds after which a sender that was turned away may come again. */
const RETRY_AFTER = '1';

const MEDIA_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** Of a refusal, with the code of `google.rpc.Code` that says the same. */
const RPC_CODES: Readonly<Record<number, number>> = { 400: 3, 403: 7, 405: 12, 413: 3, 415: 3, 500: 13, 503: 14 };

interface Refusal {
  readonly status: 400 | 403 | 405 | 413 | 415 | 500 | 503;
  readonly message: string;
}

/**
 * The OTLP receiver (OTLP 1.x over HTTP, traces): `POST /v1/traces` in protobuf or JSON, gzip or not. It is behind the
 * same guard as every door and only takes in (S24); nothing can be read here.
 */
export function createOtlpDoor({ ingest, tally, closedBecause, report, limits }: OtlpDoorOptions): HttpDoor {
  const { inFlight, requests: maxRequests, ...bodyLimits } = { ...LIMITS, ...limits };
  const budget = createByteBudget(inFlight);
  let requests = 0;

  async function take(request: IncomingMessage, encoding: OtlpEncoding): Promise<Uint8Array | Refusal> {
    const body = await readPackedBody(request, bodyLimits, budget);
    if (!body.ok) return body.error;
    try {
      return await takeBody(body.value, encoding);
    } finally {
      budget.give(body.value.byteLength);
    }
  }

  async function takeBody(body: Buffer, encoding: OtlpEncoding): Promise<Uint8Array | Refusal> {
    try {
      const taken = await ingest.take(traceRequestPieces(body, encoding), (span) => {
        tally.span(span);
      });
      tally.took(taken);
      return encodeExportAnswer({ rejectedSpans: taken.rejected, problem: taken.problems.join(' ') }, encoding);
    } catch (thrown) {
      if (thrown instanceof UserError) return { status: 400, message: thrown.message };
      report('Taking in spans', thrown);
      return { status: 503, message: "The spans could not be stored: the gateway's log says why." };
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const encoding = encodingOf(request.headers['content-type']);
    const refusal = refusalOf(request, encoding, closedBecause()) ?? (requests >= maxRequests ? BUSY : null);
    if (refusal !== null || encoding === null) {
      request.resume();
      refuse(response, refusal ?? UNSUPPORTED, encoding ?? 'json');
      return;
    }
    requests += 1;
    try {
      const answered = await take(request, encoding);
      if ('status' in answered) refuse(response, answered, encoding);
      else sendBytes(response, 200, MEDIA_TYPES[encoding], answered);
    } finally {
      requests -= 1;
    }
  }

  function refuse(response: ServerResponse, { status, message }: Refusal, encoding: OtlpEncoding): void {
    tally.refused();
    sendBytes(response, status, MEDIA_TYPES[encoding], encodeStatus(RPC_CODES[status] ?? 2, message, encoding), {
      ...(status === 405 && { Allow: 'POST' }),
      ...(status === 503 && { 'Retry-After': RETRY_AFTER }),
      // Of what is too large the rest is still on its way.
      ...(status === 413 && { Connection: 'close' }),
    });
  }

  return {
    handle(request, response, url) {
      if (url.pathname !== OTLP_PATH) return false;
      answer(request, response).catch((thrown: unknown) => {
        report('Taking in spans', thrown);
        refuse(response, { status: 500, message: 'The gateway failed at this: its log says why.' }, 'json');
      });
      return true;
    },
  };
}

const UNSUPPORTED: Refusal = {
  status: 415,
  message: 'Send the spans as application/x-protobuf or application/json.',
};

function refusalOf(
  request: IncomingMessage,
  encoding: OtlpEncoding | null,
  closedBecause: string | null,
): Refusal | null {
  if (request.method !== 'POST') return { status: 405, message: 'Spans are sent here with POST; nothing can be read.' };
  if (closedBecause !== null) return { status: 403, message: closedBecause };
  return encoding === null ? UNSUPPORTED : null;
}

function encodingOf(contentType: string | undefined): OtlpEncoding | null {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === MEDIA_TYPES.protobuf) return 'protobuf';
  return mediaType === MEDIA_TYPES.json ? 'json' : null;
}
