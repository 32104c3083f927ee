/**
 * Every key on the gateway's spans: those of the OpenTelemetry conventions and, beside them, those of the system whose
 * span tree this is. The conventions for MCP and GenAI are in Development and in no package, so their keys are kept here,
 * as they were at commit c88d504ab3d9879f8e50d3cc87e69775e11db234 of open-telemetry/semantic-conventions-genai
 * (2026-09-16); the stable ones (HTTP, URL, network, server, client, error, exception) are of release 1.44.0 of
 * open-telemetry/semantic-conventions, on which that commit builds.
 */
export const SEMCONV_REVISION = 'semantic-conventions-genai@c88d504ab3d9';

export const ATTR = {
  serviceName: 'service.name',
  serviceVersion: 'service.version',
  semconvRevision: 'throughline.semconv',

  httpRequestMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpResponseStatusCode: 'http.response.status_code',
  urlScheme: 'url.scheme',
  urlPath: 'url.path',
  urlQuery: 'url.query',
  urlFull: 'url.full',
  userAgentOriginal: 'user_agent.original',
  networkProtocolName: 'network.protocol.name',
  networkProtocolVersion: 'network.protocol.version',
  networkTransport: 'network.transport',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  clientAddress: 'client.address',
  clientPort: 'client.port',
  errorType: 'error.type',
  errorMessage: 'error.message',
  exceptionType: 'exception.type',
  exceptionMessage: 'exception.message',

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
  serverScopeId: 'server_id',
  toolName: 'tool.name',
  toolGatewayId: 'tool.gateway_id',
  toolIntegrationType: 'tool.integration_type',
  mcpToolName: 'mcp.tool.name',
  promptId: 'prompt.id',
  resourceUri: 'resource.uri',
  loggingLevel: 'logging.level',
  argumentsCount: 'arguments_count',
  success: 'success',
  durationMs: 'duration.ms',
  retryAttempt: 'retry_attempt',
  upstreamResponseSuccess: 'upstream.response.success',
  sessionReused: 'session.reused',

  elicitationAction: 'throughline.elicitation.action',
  notificationsDropped: 'throughline.notifications.dropped',
  progress: 'throughline.progress',
  progressTotal: 'throughline.progress.total',
  progressMessage: 'throughline.progress.message',
  logLevel: 'throughline.log.level',
  logLogger: 'throughline.log.logger',

  logIostream: 'log.iostream',
  logRecordOriginal: 'log.record.original',

  serverId: 'throughline.server.id',
  transport: 'throughline.transport',
  clientName: 'throughline.client.name',
  callerSampled: 'throughline.caller.sampled',
  upkeep: 'throughline.upkeep',
  plan: 'throughline.plan',
  inputMethods: 'throughline.input.methods',
  logEventsDropped: 'throughline.log.dropped',
  streamPhase: 'throughline.stream.phase',
  streamMessages: 'throughline.stream.messages',
  streamDuration: 'throughline.stream.duration_ms',
  streamResumedFrom: 'throughline.stream.resumed_from',
} as const;

/** Before each key of the baggage that goes on to servers. */
export const BAGGAGE_PREFIX = 'baggage.';

/** A line a server printed on stderr, or on stdout where none belongs, while it had the call. */
export const EVENT_SERVER_LOG = 'server.log';
/** What a server told about a call while it had it. */
export const EVENT_NOTIFICATION = 'mcp.notification';
/** What was thrown, on the span where it arose and on no other (R3). */
export const EVENT_EXCEPTION = 'exception';

export const OPERATION_EXECUTE_TOOL = 'execute_tool';
export const TRANSPORT_PIPE = 'pipe';
export const TRANSPORT_TCP = 'tcp';
export const ERROR_TYPE_TOOL = 'tool_error';
export const ERROR_TYPE_CANCELLED = 'cancelled';
/** Of a tool: the only kind there is here, where others know REST and gRPC as well. */
export const INTEGRATION_MCP = 'MCP';

/**
 * JSON-RPC codes that are the caller's own fault: the side that served the call did nothing wrong, so its span is left
 * UNSET, while the side that made it has an error (semantic conventions for MCP, span status).
 */
export const CALLER_FAULT_CODES: ReadonlySet<number> = new Set([-32700, -32600, -32601, -32602, -32002]);

/** The instrumentation scope of every span of ours. */
export const SCOPE_NAME = 'throughline';
