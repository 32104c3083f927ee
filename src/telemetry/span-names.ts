import { SpanKind } from '@opentelemetry/api';
import type { SpanNaming } from '../shared/domain/settings.ts';
import type { SpanRecord } from '../shared/domain/span.ts';
import { ATTR, SCOPE_NAME } from './semconv.ts';

/** Names of the operation spans, one for each MCP method of any revision. */
const OPERATION_NAMES: Readonly<Record<string, string>> = {
  initialize: 'mcp.initialize',
  ping: 'mcp.ping',
  'server/discover': 'mcp.discover',
  'tools/call': 'tool.invoke',
  'tools/list': 'tool.list',
  'prompts/get': 'prompt.render',
  'prompts/list': 'prompt.list',
  'resources/read': 'resource.read',
  'resources/list': 'resource.list',
  'resources/templates/list': 'resource_template.list',
  'resources/subscribe': 'resource.subscribe',
  'resources/unsubscribe': 'resource.unsubscribe',
  'subscriptions/listen': 'subscription.listen',
  'completion/complete': 'completion.complete',
  'logging/setLevel': 'logging.set_level',
  'roots/list': 'root.list',
  'sampling/createMessage': 'sampling.create_message',
  'elicitation/create': 'elicitation.create',
  'tasks/get': 'task.get',
  'tasks/list': 'task.list',
  'tasks/result': 'task.result',
  'tasks/update': 'task.update',
  'tasks/cancel': 'task.cancel',
};

const MAX_METHOD_LENGTH = 64;
const METHOD = /^[A-Za-z0-9_./$-]+$/;
const UNKNOWN_METHOD = 'mcp.unknown';

/**
 * The name of a method's operation span. A method that is not MCP's own keeps its name when it looks like one; anything
 * else becomes `mcp.unknown`, so that no caller can write into span names (R5).
 */
export function operationName(method: string): string {
  const known = Object.hasOwn(OPERATION_NAMES, method) ? OPERATION_NAMES[method] : undefined;
  if (known !== undefined) return known;
  if (!isMethodName(method)) return UNKNOWN_METHOD;
  const notification = /^notifications\/(.+)$/.exec(method)?.[1];
  return notification === undefined ? `mcp.${method}` : `notification.${notification.replaceAll('/', '.')}`;
}

/** As the specification has tools named; what is longer or has other characters stays out of span names. */
const TARGET = /^[A-Za-z0-9_./-]{1,128}$/;

/**
 * The name that the conventions give a call: its method, and of tools and prompts which. A resource's URI is never part of
 * it (R5).
 */
export function conventionalName(method: string, target: string | null): string {
  if (!Object.hasOwn(OPERATION_NAMES, method) && !isMethodName(method)) return UNKNOWN_METHOD;
  const isNamed = method === 'tools/call' || method === 'prompts/get';
  return isNamed && target !== null && TARGET.test(target) ? `${method} ${target}` : method;
}

function isMethodName(method: string): boolean {
  return method.length <= MAX_METHOD_LENGTH && METHOD.test(method);
}

/** The root is named after its route's template, never after its path (R5). */
export function exchangeName(method: string, route: string): string {
  return `${/^[A-Z]{1,10}$/.test(method) ? method : 'HTTP'} ${route}`;
}

export const SPAN_INPUT_WAIT = 'mcp.input.wait';
export const SPAN_CLIENT_CALL = 'mcp.client.call';
export const SPAN_CLIENT_DISCOVER = 'mcp.client.discover';
export const SPAN_CLIENT_INITIALIZE = 'mcp.client.initialize';
export const SPAN_CLIENT_NOTIFY = 'mcp.client.notify';
export const SPAN_CLIENT_REQUEST = 'mcp.client.request';
export const SPAN_CLIENT_RESPONSE = 'mcp.client.response';

const OPENING_NAMES: Readonly<Record<string, string>> = {
  initialize: SPAN_CLIENT_INITIALIZE,
  'server/discover': SPAN_CLIENT_DISCOVER,
};

/** What the spans that stand for a JSON-RPC message are called; the phases of a call and all others have one name only. */
export interface MessageNames {
  /** Of what is asked of the gateway. */
  operation(method: string, target: string | null): string;
  readonly operationKind: SpanKind;
  /** Of what the gateway asks a server. */
  call(method: string, target: string | null): string;
  opening(method: string): string;
  /** Of what the gateway tells a server. */
  notification(method: string): string;
}

const SEED_NAMES: MessageNames = {
  operation: operationName,
  operationKind: SpanKind.INTERNAL,
  call: () => SPAN_CLIENT_CALL,
  opening: (method) => OPENING_NAMES[method] ?? SPAN_CLIENT_INITIALIZE,
  notification: () => SPAN_CLIENT_NOTIFY,
};

const CONVENTIONAL_NAMES: MessageNames = {
  operation: conventionalName,
  operationKind: SpanKind.SERVER,
  call: conventionalName,
  opening: (method) => conventionalName(method, null),
  notification: (method) => conventionalName(method, null),
};

export function namesUnder(naming: SpanNaming): MessageNames {
  return naming === 'semconv' ? CONVENTIONAL_NAMES : SEED_NAMES;
}

/** What a server may ask its client for. */
const QUESTIONS: ReadonlySet<string> = new Set(['sampling/createMessage', 'elicitation/create', 'roots/list']);

/** The name that a recorded span of ours has under `seed`, whatever it was called when it was made; of others their own. */
export function seedNameOf(span: Pick<SpanRecord, 'name' | 'kind' | 'attributes' | 'origin'>): string {
  const { name, kind, attributes, origin } = span;
  const method = origin.scopeName === SCOPE_NAME ? attributes[ATTR.mcpMethodName] : undefined;
  // Names of the conventions begin with the method, and those of the seed never do.
  if (typeof method !== 'string' || !name.startsWith(method)) return name;
  if (kind !== 'client' || QUESTIONS.has(method)) return operationName(method);
  if (Object.hasOwn(OPENING_NAMES, method)) return SEED_NAMES.opening(method);
  return method.startsWith('notifications/') ? SPAN_CLIENT_NOTIFY : SPAN_CLIENT_CALL;
}
