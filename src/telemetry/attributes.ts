import { createHash } from 'node:crypto';
import type { Attributes } from '@opentelemetry/api';
import type { ExchangeStart, OperationStart, UpstreamCallStart } from '../gateway/observer.ts';
import { ATTR, OPERATION_EXECUTE_TOOL, TRANSPORT_PIPE, TRANSPORT_TCP } from './semconv.ts';

export function exchangeAttributes(start: ExchangeStart, correlationId: string): Attributes {
  return withoutNull({
    [ATTR.httpRequestMethod]: start.method,
    [ATTR.httpRoute]: start.route,
    [ATTR.urlScheme]: 'http',
    [ATTR.urlPath]: start.path,
    [ATTR.urlQuery]: start.query === '' ? null : start.query,
    [ATTR.networkProtocolName]: 'http',
    [ATTR.networkProtocolVersion]: start.httpVersion,
    [ATTR.serverAddress]: '127.0.0.1',
    [ATTR.serverPort]: start.serverPort,
    [ATTR.userAgentOriginal]: start.headers['user-agent'] ?? null,
    [ATTR.correlationId]: correlationId,
  });
}

export function sessionAttributes(sessionId: string): Attributes {
  return { [ATTR.mcpSessionId]: hashedSessionId(sessionId) };
}

export function operationAttributes(start: OperationStart): Attributes {
  return withoutNull({
    [ATTR.mcpMethodName]: start.method,
    ...targetAttributes(start.method, start.target),
    [ATTR.toolName]: start.method === 'tools/call' ? start.target : null,
    [ATTR.argumentsCount]: start.method === 'tools/call' ? countArguments(start.params) : null,
    [ATTR.jsonrpcRequestId]: idOf(start.requestIdText),
    [ATTR.mcpSessionId]: start.sessionId === null ? null : hashedSessionId(start.sessionId),
    [ATTR.mcpProtocolVersion]: start.protocolVersion,
    [ATTR.serverId]: start.serverId,
    [ATTR.clientName]: start.clientName,
  });
}

export function upstreamCallAttributes(start: UpstreamCallStart): Attributes {
  return withoutNull({
    [ATTR.mcpMethodName]: start.method,
    ...targetAttributes(start.method, start.target),
    [ATTR.mcpToolName]: start.method === 'tools/call' ? start.target : null,
    [ATTR.serverId]: start.serverId,
    [ATTR.networkTransport]: start.transport === 'stdio' ? TRANSPORT_PIPE : TRANSPORT_TCP,
    [ATTR.networkProtocolName]: start.transport === 'stdio' ? null : 'http',
    [ATTR.serverAddress]: start.address?.host ?? null,
    [ATTR.serverPort]: start.address?.port ?? null,
    [ATTR.urlPath]: start.address?.path ?? null,
    [ATTR.retryAttempt]: start.attempt > 1 ? start.attempt : null,
  });
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

const HASH_LENGTH = 12;

/** Enough to tell sessions apart, useless for taking one over (R16). */
function hashedSessionId(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex').slice(0, HASH_LENGTH);
}

function countArguments(params: Readonly<Record<string, unknown>> | null): number {
  const value = params?.['arguments'];
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

function withoutNull(
  attributes: Readonly<Record<string, string | number | boolean | null | undefined>> | Attributes,
): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string | number | boolean] => {
      const value: unknown = entry[1];
      return value !== null && value !== undefined;
    }),
  );
}
