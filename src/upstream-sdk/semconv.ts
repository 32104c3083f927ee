/**
 * Attribute names of the OpenTelemetry conventions for MCP, as in open-telemetry/semantic-conventions-genai at the state
 * of 2026-08. They are in Development and not released as a package.
 */
export const ATTR = {
  mcpMethodName: 'mcp.method.name',
  mcpProtocolVersion: 'mcp.protocol.version',
  mcpSessionId: 'mcp.session.id',
  mcpResourceUri: 'mcp.resource.uri',
  genAiToolName: 'gen_ai.tool.name',
  genAiPromptName: 'gen_ai.prompt.name',
  genAiOperationName: 'gen_ai.operation.name',
  jsonrpcRequestId: 'jsonrpc.request.id',
  rpcResponseStatusCode: 'rpc.response.status_code',
  errorType: 'error.type',
  networkTransport: 'network.transport',
  networkProtocolName: 'network.protocol.name',
} as const;

export const ERROR_TYPE_TOOL = 'tool_error';
export const ERROR_TYPE_CANCELLED = 'cancelled';
/** What the conventions put where a value of somebody else's would make too many different ones. */
export const OTHER = '_OTHER';

/**
 * JSON-RPC codes that are the caller's own fault: they leave the span of the side that served the call UNSET (semantic
 * conventions for MCP, span status).
 */
export const CALLER_FAULT_CODES: ReadonlySet<number> = new Set([-32700, -32600, -32601, -32602, -32002]);
