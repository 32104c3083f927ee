import type { ServerId } from '../../shared/domain/ids.ts';
import type { Envelope } from '../era/envelope.ts';
import { UpstreamFailure } from '../failure.ts';
import { notificationText, requestText } from '../frame/compose.ts';
import { isObject, parseFrame, type JsonObject, type RequestFrame, type ResultFrame } from '../frame/frame.ts';
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

/** Exchanges `initialize` and `notifications/initialized`. Rejects with an UpstreamFailure. */
export async function shakeHands(options: HandshakeOptions): Promise<Introduction> {
  const introduction = await introduce(options);
  options.session.agreed(introduction.protocolVersion);
  await options.session.post(notificationText('notifications/initialized'));
  return introduction;
}

/** The gateway's own `initialize`: it offers the server nothing, since no client stands behind it. */
export function gatewayInitialize(version: string): RequestFrame {
  return asRequest(
    requestText('0', 'initialize', {
      protocolVersion: LATEST_PROTOCOL_VERSION,
      capabilities: {},
      clientInfo: { name: 'throughline', version },
    }),
  );
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
  const { session, initialize, observation, timeoutMillis, signal } = options;
  const answer = await session.request(initialize, {
    ownerId: '',
    call: observation,
    signal,
    timeoutMillis,
    progressTokenText: null,
    onRelated: () => undefined,
  });
  if (answer.kind === 'error') {
    const said = answer.errorMessage === '' ? `code ${answer.code}` : answer.errorMessage;
    const sentence = `Server "${session.serverId}" refused initialize: ${said}`.replace(/[^.!?]$/, '$&.');
    throw new UpstreamFailure('mcp_protocol_error', sentence);
  }
  return read(session.serverId, answer);
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
