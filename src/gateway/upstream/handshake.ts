import type { ServerId } from '../../shared/domain/ids.ts';
import { META, MODERN_VERSIONS, type Envelope } from '../era/envelope.ts';
import { UpstreamFailure, type FailureCategory } from '../failure.ts';
import { notificationText, requestText, resultText } from '../frame/compose.ts';
import {
  isObject,
  parseFrame,
  type JsonObject,
  type RequestFrame,
  type ResponseFrame,
  type ResultFrame,
} from '../frame/frame.ts';
import type { InitializeObservation } from '../observer.ts';
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
  readonly observation: InitializeObservation;
  readonly timeoutMillis: number;
  readonly signal: AbortSignal;
}

/**
 * Exchanges `initialize` and `notifications/initialized`. A server that refuses the handshake is asked whether it is of
 * the stateless era, which has none. Rejects with an UpstreamFailure.
 */
export async function shakeHands(options: HandshakeOptions): Promise<Introduction> {
  const { session } = options;
  try {
    const introduction = await introduce(options);
    session.agreed(introduction.protocolVersion);
    await session.post(notificationText('notifications/initialized'));
    return introduction;
  } catch (refused) {
    const introduction = session.isClosed || !isRefusal(refused) ? null : await discover(options);
    if (introduction === null) throw refused;
    return introduction;
  }
}

/** What a server may answer to a method that its era does not have; nothing of it says that the server is not there. */
const REFUSALS: ReadonlySet<FailureCategory> = new Set(['mcp_protocol_error', 'http_error', 'not_found']);

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof UpstreamFailure && REFUSALS.has(thrown.category);
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

/** What a server of the stateless era says of itself; null when it is none. */
async function discover(options: HandshakeOptions): Promise<Introduction | null> {
  const { session } = options;
  const [protocolVersion = ''] = MODERN_VERSIONS;
  session.speakModern(protocolVersion);
  const answer = await ask(options, asRequest(requestText('0', 'server/discover', {}))).catch(() => null);
  const result = answer?.kind === 'result' && isObject(answer.result) ? answer.result : null;
  const versions: unknown = result?.['supportedVersions'];
  if (result === null || !Array.isArray(versions) || !versions.includes(protocolVersion)) return null;
  return discovered(session.serverId, protocolVersion, result);
}

/** Puts it as an answer to `initialize`, which is what the rest of the gateway and legacy clients know. */
function discovered(serverId: ServerId, protocolVersion: string, result: JsonObject): Introduction {
  const meta = isObject(result['_meta']) ? result['_meta'] : {};
  const info = meta[META.serverInfo];
  const serverInfo = isObject(info) ? info : { name: serverId, version: '' };
  const capabilities = withoutNews(isObject(result['capabilities']) ? result['capabilities'] : {});
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

/** Nobody listens for news of a server of the stateless era, and its log levels go with each request. */
function withoutNews(capabilities: JsonObject): JsonObject {
  const kept = Object.entries(capabilities).filter(([name]) => name !== 'logging');
  return Object.fromEntries(
    kept.map(([name, value]) => {
      if (!isObject(value)) return [name, value];
      const members = Object.entries(value).filter(([key]) => key !== 'listChanged' && key !== 'subscribe');
      return [name, Object.fromEntries(members)];
    }),
  );
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
