import { timingSafeEqual } from 'node:crypto';
import { digestOf } from './secrets.ts';

/** What the guard looks at. Header lists hold every occurrence, so that a second Host or Origin cannot hide. */
export interface GuardRequest {
  readonly method: string;
  /** Path without the query, as sent. Empty when the request target has none. */
  readonly path: string;
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly authorizations: readonly string[];
}

export interface Refusal {
  readonly status: 401 | 403;
  /** One sentence that says what to do. */
  readonly message: string;
}

/** Decides whether a request may reach the doors. Null lets it in. */
export interface Guard {
  /** Host, Origin and, unless the route is public, the token. Runs before any routing (S2, S3, S4). */
  request(request: GuardRequest): Refusal | null;
  /** Host and a present Origin of ours: what a page's WebSocket shows. Its token comes in the first message. */
  page(request: Pick<GuardRequest, 'hosts' | 'origins'>): Refusal | null;
}

export interface GuardOptions {
  /** Port the host listens on. */
  readonly port: number;
  readonly token: string;
  /** Routes that need no token; Host and Origin are checked on them all the same. */
  readonly isPublic: (method: string, path: string) => boolean;
  /** A second token that opens the door for spans and nothing else; absent: there is none. */
  readonly ingest?: IngestKey;
}

export interface IngestKey {
  readonly token: string;
  readonly opens: (path: string) => boolean;
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const DEFAULT_HTTP_PORT = 80;
const BEARER = /^Bearer +([^\s]+) *$/i;

/**
 * The gate of every HTTP request. Only exact loopback names with our port are accepted as Host, so that a foreign name
 * that resolves to this machine (DNS rebinding) is turned away, and only our own origins as Origin (R100).
 */
export function createGuard(options: GuardOptions): Guard {
  const hosts = new Set(ownHosts(options.port));
  const origins = new Set(ownHosts(options.port).map((host) => `http://${host}`));
  const checkToken = createTokenCheck(options.token, options.ingest);

  const checkHost = (values: readonly string[]): Refusal | null =>
    values.length === 1 && hosts.has((values[0] ?? '').toLowerCase())
      ? null
      : forbidden(`Call this gateway as ${[...hosts][0] ?? ''}: the request names another host.`);
  const checkOrigin = (values: readonly string[]): Refusal | null =>
    values.length === 0 || (values.length === 1 && origins.has(values[0] ?? ''))
      ? null
      : forbidden('Requests from web pages of other origins are refused: open the page that this gateway serves.');

  return {
    request(request) {
      const refusal = checkHost(request.hosts) ?? checkOrigin(request.origins);
      if (refusal !== null) return refusal;
      // A preflight never carries a token; telling it 401 would only help whoever probes. There is no CORS here.
      if (request.method === 'OPTIONS') return forbidden('Requests from web pages of other origins are refused.');
      if (options.isPublic(request.method, request.path)) return null;
      return checkToken(request);
    },
    page(request) {
      if (request.origins.length === 0) {
        return checkHost(request.hosts) ?? forbidden('Only the page that this gateway serves may connect here.');
      }
      return checkHost(request.hosts) ?? checkOrigin(request.origins);
    },
  };
}

/** Every `host:port` by which this machine itself reaches the port; the port is left out where HTTP leaves it out. */
export function ownHosts(port: number): readonly string[] {
  return LOOPBACK_NAMES.map((name) => (port === DEFAULT_HTTP_PORT ? name : `${name}:${port}`));
}

/** Every token that is presented is compared with both, so that the time it takes tells of neither. */
function createTokenCheck(token: string, ingest: IngestKey | undefined) {
  const mainDigest = digestOf(token);
  const ingestDigest = ingest === undefined ? null : digestOf(ingest.token);
  return ({ authorizations, path }: Pick<GuardRequest, 'authorizations' | 'path'>): Refusal | null => {
    const presented = authorizations.length === 1 ? BEARER.exec(authorizations[0] ?? '')?.[1] : undefined;
    if (presented === undefined)
      return { status: 401, message: 'Send the gateway\'s token as "Authorization: Bearer TOKEN".' };
    const digest = digestOf(presented);
    const isMain = timingSafeEqual(digest, mainDigest);
    const isIngest = ingestDigest !== null && timingSafeEqual(digest, ingestDigest);
    if (isMain || (isIngest && ingest?.opens(path) === true)) return null;
    if (isIngest) return forbidden("This token only takes spans to /v1/traces: use the gateway's own token here.");
    return {
      status: 401,
      message: 'The token is not the one of this gateway: use the token it was started with.',
    };
  };
}

function forbidden(message: string): Refusal {
  return { status: 403, message };
}
