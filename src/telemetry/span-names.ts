/** Names of the operation spans, one for each MCP method. */
const OPERATION_NAMES: Readonly<Record<string, string>> = {
  initialize: 'mcp.initialize',
  ping: 'mcp.ping',
  'tools/call': 'tool.invoke',
  'tools/list': 'tool.list',
  'prompts/get': 'prompt.render',
  'prompts/list': 'prompt.list',
  'resources/read': 'resource.read',
  'resources/list': 'resource.list',
  'resources/templates/list': 'resource_template.list',
  'resources/subscribe': 'resource.subscribe',
  'resources/unsubscribe': 'resource.unsubscribe',
  'completion/complete': 'completion.complete',
  'logging/setLevel': 'logging.set_level',
  'roots/list': 'root.list',
};

const MAX_METHOD_LENGTH = 64;
const METHOD = /^[A-Za-z0-9_./$-]+$/;

/**
 * The name of a method's operation span. A method that is not MCP's own keeps its name when it looks like one; anything
 * else becomes `mcp.unknown`, so that no caller can write into span names (R5).
 */
export function operationName(method: string): string {
  const known = Object.hasOwn(OPERATION_NAMES, method) ? OPERATION_NAMES[method] : undefined;
  if (known !== undefined) return known;
  if (method.length > MAX_METHOD_LENGTH || !METHOD.test(method)) return 'mcp.unknown';
  const notification = /^notifications\/(.+)$/.exec(method)?.[1];
  return notification === undefined ? `mcp.${method}` : `notification.${notification.replaceAll('/', '.')}`;
}

/** The root is named after its route's template, never after its path (R5). */
export function exchangeName(method: string, route: string): string {
  return `${/^[A-Z]{1,10}$/.test(method) ? method : 'HTTP'} ${route}`;
}

export const SPAN_INPUT_WAIT = 'mcp.input.wait';
export const SPAN_CLIENT_CALL = 'mcp.client.call';
export const SPAN_CLIENT_DISCOVER = 'mcp.client.discover';
export const SPAN_CLIENT_INITIALIZE = 'mcp.client.initialize';
export const SPAN_CLIENT_REQUEST = 'mcp.client.request';
export const SPAN_CLIENT_RESPONSE = 'mcp.client.response';
