import { editParam } from '../frame/edit.ts';
import type { NotificationFrame, RequestFrame } from '../frame/frame.ts';
import type { Interceptor } from '../interceptor.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import { aggregateList, type AggregateOptions } from './aggregate.ts';
import { RPC_CODES, refusal, resultAnswer, type Answer } from './answer.ts';
import { forward, type ClientCall } from './forward.ts';
import { answerInitialize, type InitializeOptions } from './initialize.ts';
import { ownerOfName, ownerOfUri, referenceOf } from './names.ts';
import { passOnNotification } from './notify.ts';
import type { VirtualServers } from './virtual-servers.ts';

/** Decides which servers a client's messages concern, and under which names. */
export interface Router {
  /** Answers a client's `initialize`; the version agreed on is left in the session. Never rejects. */
  initialize(call: ClientCall): Promise<Answer>;
  /** Answers any other request. Never rejects. */
  route(call: ClientCall): Promise<Answer>;
  /** Takes a client's notification to where it belongs. Never rejects. */
  notify(frame: NotificationFrame, session: ClientSession): Promise<void>;
}

export interface RouterOptions extends AggregateOptions, InitializeOptions {
  readonly servers: ServerRegistry;
  readonly virtualServers: VirtualServers;
  readonly interceptor: Interceptor;
}

export function createRouter(options: RouterOptions): Router {
  return {
    initialize: (call) => answerInitialize(call, options),
    notify: (frame, session) => passOnNotification(frame, session, options.servers),
    async route(call) {
      if (call.request.method === 'ping') return resultAnswer(call.request.idText, {});
      const { scope } = call.session;
      if (scope.kind !== 'server') return await routeAmongAll(call, options);
      const server = options.servers.get(scope.serverId);
      if (server === undefined) return unknownServer(call.request, scope.serverId);
      return await forward(call, { server, target: targetOf(call.request), edits: [] }, options.interceptor);
    },
  };
}

/** What a request is about: a tool's or prompt's name, or a resource's URI. */
export function targetOf(request: RequestFrame): string | null {
  const value = request.method.startsWith('resources/') ? request.params?.['uri'] : request.params?.['name'];
  return typeof value === 'string' ? value : null;
}

function routeAmongAll(call: ClientCall, options: RouterOptions): Promise<Answer> | Answer {
  switch (call.request.method) {
    case 'tools/list':
      return aggregateList(call, 'tool', options);
    case 'prompts/list':
      return aggregateList(call, 'prompt', options);
    case 'resources/list':
      return aggregateList(call, 'resource', options);
    case 'resources/templates/list':
      return aggregateList(call, 'resource_template', options);
    case 'tools/call':
      return byName(call, 'tools', options);
    case 'prompts/get':
      return byName(call, 'prompts', options);
    case 'resources/read':
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return byUri(call, targetOf(call.request), options);
    case 'completion/complete':
      return byReference(call, options);
    case 'logging/setLevel':
      return toEveryLogger(call, options);
    default:
      return refusal(
        call.request.idText,
        RPC_CODES.methodNotFound,
        `Method "${call.request.method}" is not known here.`,
      );
  }
}

function byName(call: ClientCall, kind: 'tools' | 'prompts', options: RouterOptions): Promise<Answer> | Answer {
  const { request } = call;
  const exposed = targetOf(request);
  const what = kind === 'tools' ? 'tool' : 'prompt';
  if (exposed === null) return refusal(request.idText, RPC_CODES.invalidParams, `A ${what} needs a "name".`);
  const owner = ownerOfName(exposed, options.servers.all(), options.toolNameSeparator, kind);
  if (owner === null) return refusal(request.idText, RPC_CODES.invalidParams, `Unknown ${what} "${exposed}".`);
  const edits = editParam(request, 'name', owner.name);
  return forward(call, { server: owner.server, target: owner.name, edits }, options.interceptor);
}

function byUri(call: ClientCall, uri: string | null, options: RouterOptions): Promise<Answer> | Answer {
  const { request } = call;
  if (uri === null) return refusal(request.idText, RPC_CODES.invalidParams, 'A resource needs a "uri".');
  const server = ownerOfUri(uri, options.servers.all());
  if (server === null)
    return refusal(request.idText, RPC_CODES.invalidParams, `No server offers the resource "${uri}".`);
  return forward(call, { server, target: uri, edits: [] }, options.interceptor);
}

/** The names inside a reference are the exposed ones too; only a prompt's has to be given back its own. */
function byReference(call: ClientCall, options: RouterOptions): Promise<Answer> | Answer {
  const { name, uri } = referenceOf(call.request.params);
  if (name === null) return byUri(call, uri, options);
  const owner = ownerOfName(name, options.servers.all(), options.toolNameSeparator, 'prompts');
  if (owner === null) return refusal(call.request.idText, RPC_CODES.invalidParams, `Unknown prompt "${name}".`);
  const edits = editParam(call.request, 'ref', { type: 'ref/prompt', name: owner.name });
  return forward(call, { server: owner.server, target: owner.name, edits }, options.interceptor);
}

/** Answers for all: a server that refuses the level keeps its own. */
async function toEveryLogger(call: ClientCall, options: RouterOptions): Promise<Answer> {
  const able = options.servers
    .all()
    .filter((server) => 'logging' in (server.status().introduction?.capabilities ?? {}));
  await Promise.all(able.map((server) => forward(call, { server, target: null, edits: [] }, options.interceptor)));
  return resultAnswer(call.request.idText, {});
}

function unknownServer(request: RequestFrame, id: string): Answer {
  return refusal(request.idText, RPC_CODES.invalidParams, `There is no server "${id}" any more.`);
}
