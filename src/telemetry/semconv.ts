/**
 * Attribute names on the gateway's spans. The MCP and GenAI conventions are in Development and not released as a
 * package, so the few in use are kept here, as in open-telemetry/semantic-conventions-genai at the state of 2026-08.
 * Names of the stable HTTP, network and error conventions stand beside them so that one file answers "which keys".
 */
export const ATTR = {
  serviceName: 'service.name',
  serviceVersion: 'service.version',

  httpRequestMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpResponseStatusCode: 'http.response.status_code',
  urlScheme: 'url.scheme',
  urlPath: 'url.path',
  urlQuery: 'url.query',
  userAgentOriginal: 'user_agent.original',
  networkProtocolName: 'network.protocol.name',
  networkProtocolVersion: 'network.protocol.version',
  networkTransport: 'network.transport',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  errorType: 'error.type',
  errorMessage: 'error.message',

  mcpMethodName: 'mcp.method.name',
  mcpSessionId: 'mcp.session.id',
  mcpProtocolVersion: 'mcp.protocol.version',
  mcpResourceUri: 'mcp.resource.uri',
  genAiToolName: 'gen_ai.tool.name',
  genAiPromptName: 'gen_ai.prompt.name',
  genAiOperationName: 'gen_ai.operation.name',
  jsonrpcRequestId: 'jsonrpc.request.id',
  rpcResponseStatusCode: 'rpc.response.status_code',

  correlationId: 'correlation_id',
  toolName: 'tool.name',
  mcpToolName: 'mcp.tool.name',
  argumentsCount: 'arguments_count',
  success: 'success',
  sessionReused: 'session.reused',
  retryAttempt: 'retry_attempt',
  upstreamResponseSuccess: 'upstream.response.success',

  logIostream: 'log.iostream',
  logRecordOriginal: 'log.record.original',

  serverId: 'throughline.server.id',
  clientName: 'throughline.client.name',
  upkeep: 'throughline.upkeep',
  inputMethods: 'throughline.input.methods',
  logEventsDropped: 'throughline.log.dropped',
  streamPhase: 'throughline.stream.phase',
  streamMessages: 'throughline.stream.messages',
  streamDuration: 'throughline.stream.duration_ms',
  streamResumedFrom: 'throughline.stream.resumed_from',
} as const;

/** A line a server printed on stderr, or on stdout where none belongs, while it had the call. */
export const EVENT_SERVER_LOG = 'server.log';

export const OPERATION_EXECUTE_TOOL = 'execute_tool';
export const TRANSPORT_PIPE = 'pipe';
export const TRANSPORT_TCP = 'tcp';
export const ERROR_TYPE_TOOL = 'tool_error';
export const ERROR_TYPE_CANCELLED = 'cancelled';

/**
 * JSON-RPC codes that are the caller's own fault: the side that served the call did nothing wrong, so its span is left
 * UNSET, while the side that made it has an error (semantic conventions for MCP, span status).
 */
export const CALLER_FAULT_CODES: ReadonlySet<number> = new Set([-32700, -32600, -32601, -32602, -32002]);
