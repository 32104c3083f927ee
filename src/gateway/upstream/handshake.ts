import type { ServerId } from '../../shared/domain/ids.ts';
import { META, MODERN_CODES, MODERN_VERSIONS, type Envelope } from '../era/envelope.ts';
import { UpstreamFailure } from '../failure.ts';
import { notificationText, requestText, resultText } from '../frame/compose.ts';
import {
  isObject,
  parseFrame,
  type JsonObject,
  type NotificationFrame,
  type RequestFrame,
  type ResponseFrame,
  type ResultFrame,
} from '../frame/frame.ts';
import type { OpeningObservation } from '../observer.ts';
import type { UpstreamSession } from './upstream-session.ts';

/** The handshake revisions this gateway knows, newest first. */
export const PROTOCOL_VERSIONS: readonly string[] = [
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
];

export const LATEST_PROTOCOL_VERSION = '2025-11-25';

/** What a server said of itself when it was opened. */
export interface Introduction {
  /** The server's answer to `initialize`, as it came. */
  readonly answer: ResultFrame;
  readonly protocolVersion: string;
  readonly capabilities: JsonObject;
  readonly serverName: string | null;
  readonly serverVersion: string | null;
  readonly instructions: string | null;
}

export interface HandshakeOptions {
  readonly session: UpstreamSession;
  /** The `initialize` to send: the client's own, or the gateway's. */
  readonly initialize: RequestFrame;
  readonly observation: OpeningObservation;
  readonly timeoutMillis: number;
  readonly signal: AbortSignal;
}

/**
 * Exchanges `initialize` and `notifications/initialized`, as servers with sessions want it. Rejects with an
 * UpstreamFailure.
 */
export async function shakeHands(options: HandshakeOptions): Promise<Introduction> {
  const { session } = options;
  const introduction = await introduce(options);
  session.agreed(introduction.protocolVersion);
  const { traceContext } = options.observation;
  await session.notify(asNotification(notificationText('notifications/initialized')), { traceContext, sent: ignore });
  return introduction;
}

/** The gateway's own `initialize`: it offers the server nothing, since no client stands behind it. */
export function gatewayInitialize(version: string): RequestFrame {
  return handshakeFor({ capabilities: {}, clientInfo: { name: 'throughline', version } });
}

/** The `initialize` in the name of a client of the stateless era, for servers that want one. */
export function handshakeFor({
  capabilities,
  clientInfo,
}: Pick<Envelope, 'capabilities' | 'clientInfo'>): RequestFrame {
  return asRequest(
    requestText('0', 'initialize', {
      protocolVersion: LATEST_PROTOCOL_VERSION,
      capabilities,
      clientInfo: { name: 'unnamed', version: '0', ...clientInfo },
    }),
  );
}

/** The span of the handshake shows the request; what follows from it says nothing new. */
function ignore(): void {
  // Nothing is captured.
}

/** A notification of the gateway's own making. */
export function asNotification(text: string): NotificationFrame {
  const parsed = parseFrame(text);
  if (!parsed.ok || parsed.value.kind !== 'notification')
    throw new Error('The gateway composed something that is no notification.');
  return parsed.value;
}

/** A request of the gateway's own making. */
export function asRequest(text: string): RequestFrame {
  const parsed = parseFrame(text);
  if (!parsed.ok || parsed.value.kind !== 'request')
    throw new Error('The gateway composed something that is no request.');
  return parsed.value;
}

async function introduce(options: HandshakeOptions): Promise<Introduction> {
  const { session } = options;
  const answer = await ask(options, options.initialize);
  if (answer.kind === 'error') {
    const said = answer.errorMessage === '' ? `code ${answer.code}` : answer.errorMessage;
    const sentence = `Server "${session.serverId}" refused initialize: ${said}`.replace(/[^.!?]$/, '$&.');
    throw new UpstreamFailure('mcp_protocol_error', sentence);
  }
  return read(session.serverId, answer);
}

/** Asked by `server/discover`: what a server of the stateless era says of itself, or why it is none that can be spoken to. */
export type Discovery =
  | { readonly kind: 'modern'; readonly introduction: Introduction }
  /** It is of the stateless era, and of none of its revisions that are known here; the sentence says so. */
  | { readonly kind: 'other-version'; readonly sentence: string }
  | { readonly kind: 'legacy' };

/**
 * Asks a server for its era (MCP 2026-07-28, "Era detection"). Any error but the one that only the stateless era has says
 * that it is of the older one. Speaks in the stateless era from then on. Rejects with an UpstreamFailure when no answer came.
 */
export async function discover(options: HandshakeOptions): Promise<Discovery> {
  const { session } = options;
  const [protocolVersion = ''] = MODERN_VERSIONS;
  session.speakModern(protocolVersion);
  const question = asRequest(requestText('0', 'server/discover', {}));
  let answer = await ask(options, question);
  let supported = supportedVersions(answer);
  // Refused for its version and told which will do: the specification has a client come again with one of these.
  if (answer.kind === 'error' && supported?.includes(protocolVersion) === true) {
    answer = await ask(options, question);
    supported = supportedVersions(answer);
  }
  if (supported === null) return { kind: 'legacy' };
  if (answer.kind === 'result' && isObject(answer.result) && supported.includes(protocolVersion))
    return { kind: 'modern', introduction: discovered(session.serverId, protocolVersion, answer.result) };
  const versions = supported.slice(0, MAX_VERSIONS_TOLD).join(', ').slice(0, 100);
  const sentence = `Server "${session.serverId}" speaks MCP ${versions}, which this version of Throughline does not know.`;
  return { kind: 'other-version', sentence };
}

const MAX_VERSIONS_TOLD = 5;

/** As a `DiscoverResult` says them, or the error of a server that does not know ours; null for any other answer. */
function supportedVersions(answer: ResponseFrame): readonly unknown[] | null {
  const versions: unknown =
    answer.kind === 'result'
      ? isObject(answer.result) && answer.result['supportedVersions']
      : answer.code === MODERN_CODES.unsupportedVersion && isObject(answer.errorData) && answer.errorData['supported'];
  return Array.isArray(versions) ? versions : null;
}

/** A `DiscoverResult` put as an answer to `initialize`, which is what the rest of the gateway and legacy clients know. */
export function discovered(serverId: ServerId, protocolVersion: string, result: JsonObject): Introduction {
  const meta = isObject(result['_meta']) ? result['_meta'] : {};
  const info = meta[META.serverInfo];
  const serverInfo = isObject(info) ? info : { name: serverId, version: '' };
  const capabilities = isObject(result['capabilities']) ? result['capabilities'] : {};
  const instructions = stringOrNull(result['instructions']);
  const text = resultText('0', {
    protocolVersion: LATEST_PROTOCOL_VERSION,
    capabilities,
    serverInfo,
    ...(instructions !== null && { instructions }),
  });
  const parsed = parseFrame(text);
  if (!parsed.ok || parsed.value.kind !== 'result')
    throw new Error('The gateway composed something that is no result.');
  return {
    answer: parsed.value,
    protocolVersion,
    capabilities,
    serverName: stringOrNull(serverInfo['name']),
    serverVersion: stringOrNull(serverInfo['version']),
    instructions,
  };
}

function ask(options: HandshakeOptions, request: RequestFrame): Promise<ResponseFrame> {
  const { session, initialize, observation, timeoutMillis, signal } = options;
  return session.request(request, {
    ownerId: '',
    initialize,
    call: observation,
    signal,
    timeoutMillis,
    progressTokenText: null,
    onRelated: () => undefined,
  });
}

function read(serverId: ServerId, answer: ResultFrame): Introduction {
  const result = isObject(answer.result) ? answer.result : {};
  const protocolVersion = result['protocolVersion'];
  if (typeof protocolVersion !== 'string') {
    throw new UpstreamFailure(
      'mcp_protocol_error',
      `Server "${serverId}" answered initialize without a protocolVersion.`,
    );
  }
  if (!PROTOCOL_VERSIONS.includes(protocolVersion)) {
    throw new UpstreamFailure(
      'mcp_protocol_error',
      `Server "${serverId}" speaks MCP ${protocolVersion.slice(0, 40)}, which this version of Throughline does not know.`,
    );
  }
  const info = isObject(result['serverInfo']) ? result['serverInfo'] : {};
  return {
    answer,
    protocolVersion,
    capabilities: isObject(result['capabilities']) ? result['capabilities'] : {},
    serverName: stringOrNull(info['name']),
    serverVersion: stringOrNull(info['version']),
    instructions: stringOrNull(result['instructions']),
  };
}

function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
