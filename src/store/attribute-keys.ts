/** Attributes that a trace's summary is made from: the names under which telemetry writes them. */
export const ATTRIBUTE = {
  method: 'mcp.method.name',
  tool: 'gen_ai.tool.name',
  prompt: 'gen_ai.prompt.name',
  resource: 'mcp.resource.uri',
  serverId: 'throughline.server.id',
  clientName: 'throughline.client.name',
  protocol: 'mcp.protocol.version',
  serviceName: 'service.name',
  errorType: 'error.type',
  errorMessage: 'error.message',
  rpcErrorCode: 'rpc.response.status_code',
  upkeep: 'throughline.upkeep',
  inputMethods: 'throughline.input.methods',
  chainStopped: 'plugin.chain.stopped',
  chainStoppedBy: 'plugin.chain.stopped_by',
} as const;

export const EXCEPTION_EVENT = 'exception';
export const EXCEPTION_MESSAGE = 'exception.message';

/** `error.type` of a call whose caller went away. */
export const ERROR_TYPE_CANCELLED = 'cancelled';
