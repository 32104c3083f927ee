import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Pool, type Dispatcher } from 'undici';
import { refusalMessage, takenOutcome } from './answers.ts';
import { timedOut, unreachable, whereOf } from './failures.ts';
import { MAX_RESPONSE_BYTES, USER_AGENT, type OtlpSender, type SendOutcome, type SendTarget } from './otlp-sender.ts';
import { portAdvice } from './request-address.ts';
import { retryAfterMillis } from './retry-after.ts';
import { trustedCertificates } from './trusted-certificates.ts';

const compress = promisify(gzip);

/** The only answers after which the same request may be sent again (OTLP 1.x, "Retryable Response Codes"). */
const RETRYABLE = new Set([429, 502, 503, 504]);

/** OTLP over HTTP, protobuf or JSON. Follows no redirect: the headers may hold secrets, which are for one host. */
export function createHttpSender(target: SendTarget): OtlpSender {
  const url = new URL(target.address);
  const isJson = target.protocol === 'http/json';
  const headers = {
    'user-agent': USER_AGENT,
    ...target.headers,
    'content-type': isJson ? 'application/json' : 'application/x-protobuf',
    ...(target.compression === 'gzip' && { 'content-encoding': 'gzip' }),
  };
  let pool: Pool | null = null;

  function connection(): Pool {
    pool ??= new Pool(url.origin, {
      connections: 1,
      // Bounded by the time-out of the whole request.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: target.timeoutMs, ...(url.protocol === 'https:' && tlsOptions(target)) },
    });
    return pool;
  }

  async function attempt(body: Uint8Array, signal: AbortSignal): Promise<SendOutcome> {
    const bytes = target.compression === 'gzip' ? await compress(body) : body;
    const answer = await connection().request({ method: 'POST', path: url.pathname, headers, body: bytes, signal });
    const { statusCode } = answer;
    const contentType = headerOf(answer, 'content-type') ?? '';
    const read = await readBounded(answer.body);
    if (statusCode >= 200 && statusCode < 300) {
      if (contentType.includes('text/html')) return refused(target, 'answered with a web page: correct the address');
      return takenOutcome(read, contentType.includes('json') ? 'json' : 'protobuf');
    }
    const detail = refusalMessage(read, contentType);
    const what = `answered with HTTP ${statusCode}${detail === '' ? '' : ` (${detail})`}`;
    if (RETRYABLE.has(statusCode)) {
      const waitMs = retryAfterMillis(headerOf(answer, 'retry-after'), Date.now());
      return { kind: 'later', sentence: `${whereOf(target)} ${what}.`, waitMs };
    }
    return refused(target, `${what}: ${adviceFor(statusCode, headerOf(answer, 'location'))}`);
  }

  return {
    async send(body, signal) {
      const late = AbortSignal.timeout(target.timeoutMs);
      try {
        return await attempt(body, signal === undefined ? late : AbortSignal.any([late, signal]));
      } catch (thrown) {
        return late.aborted ? timedOut(target) : unreachable(target, thrown);
      }
    },
    async close() {
      const open = pool;
      pool = null;
      await open?.destroy();
    },
  };
}

function tlsOptions({ certificates }: SendTarget): { readonly ca: string[] } {
  return { ca: trustedCertificates(certificates) };
}

function refused(target: SendTarget, what: string): SendOutcome {
  const advice = portAdvice(target.address, target.protocol);
  return { kind: 'refused', sentence: `${whereOf(target)} ${what}.${advice}` };
}

function adviceFor(status: number, location: string | undefined): string {
  if (status >= 300 && status < 400) return `redirects are not followed${whereTo(location)}`;
  if (status === 401 || status === 403) return 'check the headers with its credentials';
  if (status === 404 || status === 405) return 'check the path of its address';
  if (status === 415) return 'choose another protocol for it';
  return 'what it refused is not sent again';
}

/** Without the query, which may hold a secret. */
function whereTo(location: string | undefined): string {
  if (location === undefined || !URL.canParse(location)) return ', so write the address that it leads to';
  const { origin, pathname } = new URL(location);
  return `, so write ${origin}${pathname} if that is right`;
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** What is over the bound is not read: the status says what has become of the request. */
async function readBounded(body: Dispatcher.ResponseData['body']): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > MAX_RESPONSE_BYTES) return new Uint8Array();
    parts.push(part);
  }
  return Buffer.concat(parts);
}
