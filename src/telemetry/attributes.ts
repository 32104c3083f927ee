import type { Attributes } from '@opentelemetry/api';
import type { ExchangeStart, OperationStart, UpstreamCallStart } from '../gateway/observer.ts';
import type { SessionHash } from './session-hash.ts';
import { ATTR, OPERATION_EXECUTE_TOOL, TRANSPORT_PIPE, TRANSPORT_TCP } from './semconv.ts';

/** Members that are undefined are left out by the SDK. */
export function exchangeAttributes(start: ExchangeStart, correlationId: string): Attributes {
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
    [ATTR.correlationId]: correlationId,
  };
}

export function operationAttributes(start: OperationStart, hashOf: SessionHash): Attributes {
  const isToolCall = start.method === 'tools/call';
  return {
    [ATTR.mcpMethodName]: start.method,
    ...targetAttributes(start.method, start.target),
    [ATTR.toolName]: isToolCall ? (start.target ?? undefined) : undefined,
    [ATTR.argumentsCount]: isToolCall ? countArguments(start.params) : undefined,
    [ATTR.jsonrpcRequestId]: idOf(start.requestIdText) ?? undefined,
    [ATTR.mcpSessionId]: start.sessionId === null ? undefined : hashOf(start.sessionId),
    [ATTR.mcpProtocolVersion]: start.protocolVersion ?? undefined,
    [ATTR.serverId]: start.serverId ?? undefined,
    [ATTR.clientName]: start.clientName ?? undefined,
  };
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
    [ATTR.serverAddress]: start.address?.host,
    [ATTR.serverPort]: start.address?.port,
    [ATTR.urlPath]: start.address?.path,
    [ATTR.retryAttempt]: start.attempt > 1 ? start.attempt : undefined,
  };
}

/** The tool, prompt or resource a method is about, under the key the conventions give it. */
export function targetAttributes(method: string, target: string | null): Attributes {
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
