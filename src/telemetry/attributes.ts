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

export function operationAttributes(start: OperationStart, hashOf: SessionHash): Attributes {
  const attributes: Attributes = {
    [ATTR.mcpMethodName]: start.method,
    [ATTR.jsonrpcRequestId]: idOf(start.requestIdText) ?? undefined,
    [ATTR.mcpSessionId]: start.sessionId === null ? undefined : hashOf(start.sessionId),
    [ATTR.mcpProtocolVersion]: start.protocolVersion ?? undefined,
    [ATTR.serverId]: start.serverId ?? undefined,
    [ATTR.serverScopeId]: start.virtualServerId ?? undefined,
    [ATTR.clientName]: start.clientName ?? undefined,
    [ATTR.plan]: start.isPlan === true ? true : undefined,
  };
  addTarget(attributes, start.method, start.target);
  addSubject(attributes, start);
  if (start.baggage !== undefined) addBaggage(attributes, start.baggage);
  return attributes;
}

/** What an operation is about as its client called it, under the keys of the system whose tree this is. */
function addSubject(attributes: Attributes, { method, target, params }: OperationStart): void {
  const name = target ?? undefined;
  if (method === 'tools/call') {
    attributes[ATTR.toolName] = name;
    attributes[ATTR.toolIntegrationType] = INTEGRATION_MCP;
    attributes[ATTR.argumentsCount] = countArguments(params);
  } else if (method === 'prompts/get') {
    attributes[ATTR.promptId] = name;
    attributes[ATTR.argumentsCount] = countArguments(params);
  } else if (method === 'logging/setLevel') attributes[ATTR.loggingLevel] = textOr(params?.['level']);
  else if (method.startsWith('resources/')) attributes[ATTR.resourceUri] = name;
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Where an operation turned out to go. */
export function routedAttributes(method: string, serverId: string, target: string | null): Attributes {
  const attributes: Attributes = { [ATTR.serverId]: serverId };
  if (method === 'tools/call') attributes[ATTR.toolGatewayId] = serverId;
  addTarget(attributes, method, target);
  return attributes;
}

/** What of the caller's baggage goes on to servers, under the keys it has there. */
function addBaggage(attributes: Attributes, baggage: Baggage): void {
  for (const { key, value } of baggage) attributes[`${BAGGAGE_PREFIX}${key}`] = value;
}

export function upstreamCallAttributes(start: UpstreamCallStart): Attributes {
  const isStdio = start.transport === 'stdio';
  const attributes: Attributes = {
    [ATTR.mcpMethodName]: start.method,
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
    [ATTR.plan]: start.isPlan === true ? true : undefined,
  };
  addTarget(attributes, start.method, start.target);
  return attributes;
}

/** `network.transport` does not tell the two kinds of HTTP apart. */
const TRANSPORT_NAMES: Readonly<Record<UpstreamCallStart['transport'], string>> = {
  stdio: 'stdio',
  http: 'streamablehttp',
  sse: 'sse',
};

/** The tool, prompt or resource a method is about, under the key the conventions give it. */
function addTarget(attributes: Attributes, method: string, target: string | null): void {
  if (target === null) return;
  if (method === 'tools/call') {
    attributes[ATTR.genAiToolName] = target;
    attributes[ATTR.genAiOperationName] = OPERATION_EXECUTE_TOOL;
  } else if (method === 'prompts/get') attributes[ATTR.genAiPromptName] = target;
  else if (method.startsWith('resources/')) attributes[ATTR.mcpResourceUri] = target;
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
