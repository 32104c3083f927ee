import type { Attributes } from '@opentelemetry/api';
import type { Baggage, ExchangeStart, OperationStart, UpstreamCallStart } from '../gateway/observer.ts';
import type { SessionHash } from './session-hash.ts';
import {
  ATTR,
  BAGGAGE_PREFIX,
  INTEGRATION_MCP,
  OPERATION_EXECUTE_TOOL,
  TRANSPORT_PIPE,
  TRANSPORT_TCP,
} from './semconv.ts';

/** What is known of a root beside its request. */
export interface ExchangeFacts {
  readonly correlationId: string;
  /** False when the caller's context says that its trace is not sampled (R91). */
  readonly isCallerSampled: boolean;
  /** The client's address may be recorded (R23). */
  readonly capturesIdentity: boolean;
}

/** Members that are undefined are left out by the SDK. */
export function exchangeAttributes(start: ExchangeStart, facts: ExchangeFacts): Attributes {
  const peer = facts.capturesIdentity ? start.peer : undefined;
  return {
    [ATTR.httpRequestMethod]: start.method,
    [ATTR.httpRoute]: start.route,
    [ATTR.urlScheme]: 'http',
    [ATTR.urlPath]: start.path,
    [ATTR.urlQuery]: start.query === '' ? undefined : start.query,
    [ATTR.networkProtocolName]: 'http',
    [ATTR.networkProtocolVersion]: start.httpVersion,
    [ATTR.serverAddress]: '127.0.0.1',
    [ATTR.serverPort]: start.serverPort ?? undefined,
    [ATTR.userAgentOriginal]: start.headers['user-agent'],
    [ATTR.clientAddress]: peer?.remoteAddress,
    [ATTR.clientPort]: peer?.remotePort,
    [ATTR.correlationId]: facts.correlationId,
    [ATTR.callerSampled]: facts.isCallerSampled ? undefined : false,
  };
}

export function operationAttributes(start: OperationStart, correlationId: string, hashOf: SessionHash): Attributes {
  return {
    [ATTR.mcpMethodName]: start.method,
    ...targetAttributes(start.method, start.target),
    ...subjectAttributes(start),
    [ATTR.requestId]: correlationId,
    [ATTR.jsonrpcRequestId]: idOf(start.requestIdText) ?? undefined,
    [ATTR.mcpSessionId]: start.sessionId === null ? undefined : hashOf(start.sessionId),
    [ATTR.mcpProtocolVersion]: start.protocolVersion ?? undefined,
    [ATTR.serverId]: start.serverId ?? undefined,
    [ATTR.serverScopeId]: start.virtualServerId ?? undefined,
    [ATTR.clientName]: start.clientName ?? undefined,
    ...baggageAttributes(start.baggage),
  };
}

/** What an operation is about as its client called it, under the keys of the system whose tree this is. */
function subjectAttributes({ method, target, params }: OperationStart): Attributes {
  switch (method) {
    case 'tools/call':
      return {
        [ATTR.toolName]: target ?? undefined,
        [ATTR.toolIntegrationType]: INTEGRATION_MCP,
        [ATTR.argumentsCount]: countArguments(params),
      };
    case 'prompts/get':
      return { [ATTR.promptId]: target ?? undefined, [ATTR.argumentsCount]: countArguments(params) };
    case 'logging/setLevel':
      return { [ATTR.loggingLevel]: textOr(params?.['level']) };
    default:
      return method.startsWith('resources/') ? { [ATTR.resourceUri]: target ?? undefined } : {};
  }
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Where an operation turned out to go. */
export function routedAttributes(method: string, serverId: string, target: string | null): Attributes {
  return {
    [ATTR.serverId]: serverId,
    ...targetAttributes(method, target),
    [ATTR.toolGatewayId]: method === 'tools/call' ? serverId : undefined,
  };
}

/** What of the caller's baggage goes on to servers, under the keys it has there. */
function baggageAttributes(baggage: Baggage = []): Attributes {
  return Object.fromEntries(baggage.map(({ key, value }) => [`${BAGGAGE_PREFIX}${key}`, value]));
}

export function upstreamCallAttributes(start: UpstreamCallStart): Attributes {
  const isStdio = start.transport === 'stdio';
  return {
    [ATTR.mcpMethodName]: start.method,
    ...targetAttributes(start.method, start.target),
    [ATTR.mcpToolName]: start.method === 'tools/call' ? (start.target ?? undefined) : undefined,
    [ATTR.serverId]: start.serverId,
    [ATTR.networkTransport]: isStdio ? TRANSPORT_PIPE : TRANSPORT_TCP,
    [ATTR.networkProtocolName]: isStdio ? undefined : 'http',
    [ATTR.transport]: TRANSPORT_NAMES[start.transport],
    [ATTR.serverAddress]: start.address?.host,
    [ATTR.serverPort]: start.address?.port,
    [ATTR.urlPath]: start.address?.path,
    [ATTR.urlFull]: start.address?.url,
    [ATTR.retryAttempt]: start.attempt > 1 ? start.attempt : undefined,
  };
}

/** `network.transport` does not tell the two kinds of HTTP apart. */
const TRANSPORT_NAMES: Readonly<Record<UpstreamCallStart['transport'], string>> = {
  stdio: 'stdio',
  http: 'streamablehttp',
  sse: 'sse',
};

/** The tool, prompt or resource a method is about, under the key the conventions give it. */
function targetAttributes(method: string, target: string | null): Attributes {
  if (target === null) return {};
  if (method === 'tools/call')
    return { [ATTR.genAiToolName]: target, [ATTR.genAiOperationName]: OPERATION_EXECUTE_TOOL };
  if (method === 'prompts/get') return { [ATTR.genAiPromptName]: target };
  return method.startsWith('resources/') ? { [ATTR.mcpResourceUri]: target } : {};
}

/** A JSON-RPC id in string form: `"a"` is `a`, `1` is `1`. */
export function idOf(idText: string | null): string | null {
  if (idText === null) return null;
  return idText.startsWith('"') ? String(JSON.parse(idText)) : idText;
}

function countArguments(params: Readonly<Record<string, unknown>> | null): number {
  const value = params?.['arguments'];
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
