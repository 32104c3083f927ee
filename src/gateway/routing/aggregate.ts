import { editInnerParam, editParam, type Edit } from '../frame/edit.ts';
import { isObject } from '../frame/frame.ts';
import type { Interceptor } from '../interceptor.ts';
import type { ListKind } from '../upstream/catalog.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { AggregateClient } from './aggregate-client.ts';
import { RPC_CODES, refusal, resultAnswer, type Answer } from './answer.ts';
import { forward, targetOf, type ClientCall } from './forward.ts';
import { holdersOf, knownHolderOf } from './holders.ts';
import type { LeftOut } from './left-out.ts';
import type { AnswerCache } from './list-cache.ts';
import { answerList, answerTaskList } from './lists.ts';
import type { Offers, OwnName, OwnUri } from './offers.ts';
import { forwardSubscription, type Subscriptions } from './subscriptions.ts';
import { taskIdOf } from './tasks.ts';
import type { ItemKind, View } from './view.ts';

/** A client of several servers, and what it sees of them. */
export interface AggregateContext {
  readonly view: View;
  readonly client: AggregateClient;
  readonly offers: Offers;
  readonly lists: AnswerCache<ListKind, readonly string[]>;
  readonly subscriptions: Subscriptions;
  readonly leftOut: LeftOut;
  readonly interceptor: Interceptor;
}

/** Answers a request at an endpoint of several servers. */
export function routeInView(call: ClientCall, context: AggregateContext): Promise<Answer> | Answer {
  switch (call.request.method) {
    case 'tools/list':
      return answerList(call, 'tool', context);
    case 'prompts/list':
      return answerList(call, 'prompt', context);
    case 'resources/list':
      return answerList(call, 'resource', context);
    case 'resources/templates/list':
      return answerList(call, 'resource_template', context);
    case 'tasks/list':
      return answerTaskList(call, context);
    case 'tools/call':
      return byName(call, 'tools', context);
    case 'prompts/get':
      return byName(call, 'prompts', context);
    case 'resources/read':
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return byUri(call, context);
    case 'completion/complete':
      return byReference(call, context);
    case 'logging/setLevel':
      return setLevel(call, context);
    default:
      return byWhatItNames(call, context);
  }
}

const WHAT: Readonly<Record<ItemKind, string>> = { tools: 'tool', prompts: 'prompt', resources: 'resource' };

function byName(call: ClientCall, kind: 'tools' | 'prompts', context: AggregateContext): Promise<Answer> | Answer {
  const { request } = call;
  const exposed = targetOf(request);
  if (exposed === null) return invalid(call, `A ${WHAT[kind]} needs a "name".`);
  const owner = shownOwner(exposed, [kind], context);
  if (owner === null) return invalid(call, `Unknown ${WHAT[kind]} "${exposed}".`);
  return toServer(call, owner.server, owner.name, editParam(request, 'name', owner.name), context);
}

/** Null when the name is nobody's, and alike when it is one that this client does not see. */
function shownOwner(exposed: string, kinds: readonly ItemKind[], { view, offers }: AggregateContext): OwnName | null {
  const owner = offers.ownerOfName(exposed);
  return owner !== null && kinds.some((kind) => view.shows(owner.server, kind, owner.name)) ? owner : null;
}

function toServer(
  call: ClientCall,
  server: UpstreamServer,
  target: string | null,
  edits: readonly Edit[],
  { client, interceptor }: AggregateContext,
): Promise<Answer> {
  return forward(call, { server, target, edits, client }, interceptor);
}

function byUri(call: ClientCall, context: AggregateContext): Promise<Answer> | Answer {
  const uri = targetOf(call.request);
  if (uri === null) return invalid(call, 'A resource needs a "uri".');
  const holders = holdersOf(uri, context);
  if (holders.length > 1 && call.request.method !== 'resources/unsubscribe')
    return askAround(call, uri, holders, context);
  const [holder] = holders;
  return holder === undefined ? unknownResource(call, uri) : askHolder(call, holder, context);
}

function askHolder(call: ClientCall, { server, uri }: OwnUri, context: AggregateContext): Promise<Answer> {
  const { client, interceptor, subscriptions } = context;
  const destination = { server, target: uri, edits: editParam(call.request, 'uri', uri), client };
  return forwardSubscription(call, destination, { interceptor, subscriptions });
}

/** Nobody is known to have it: the first that does keeps it for this client. */
async function askAround(
  call: ClientCall,
  uri: string,
  holders: readonly OwnUri[],
  context: AggregateContext,
): Promise<Answer> {
  let first: Answer | null = null;
  for (const holder of holders) {
    const answer = await askHolder(call, holder, context);
    if (!saysNotFound(answer)) {
      if (answer.outcome.kind === 'result') context.client.rememberUri(uri, holder.server);
      return answer;
    }
    first ??= answer;
  }
  return first ?? unknownResource(call, uri);
}

const NOT_FOUND_CODES: ReadonlySet<number> = new Set([-32002, RPC_CODES.invalidParams, RPC_CODES.methodNotFound]);
const NOT_FOUND_WORDS = /not found|unknown|no such|does not exist/i;

/** Servers say it with different codes; one that cannot be reached has not got it either. */
function saysNotFound({ outcome }: Answer): boolean {
  if (outcome.kind === 'failed') return true;
  return outcome.kind === 'error' && (NOT_FOUND_CODES.has(outcome.code) || NOT_FOUND_WORDS.test(outcome.message));
}

/** `ref` is `{type: 'ref/prompt', name}` or `{type: 'ref/resource', uri}`, the latter a template's text or a URI. */
function byReference(call: ClientCall, context: AggregateContext): Promise<Answer> | Answer {
  const { request } = call;
  const reference = request.params?.['ref'];
  const { name, uri } = isObject(reference) ? reference : {};
  if (typeof name === 'string') {
    const owner = shownOwner(name, ['prompts'], context);
    if (owner === null) return invalid(call, `Unknown prompt "${name}".`);
    return toServer(call, owner.server, owner.name, editInnerParam(request, 'ref', 'name', owner.name), context);
  }
  if (typeof uri !== 'string') return invalid(call, 'A completion needs a "ref" with a "name" or a "uri".');
  const [holder] = holdersOf(uri, context);
  if (holder === undefined) return unknownResource(call, uri);
  return toServer(call, holder.server, holder.uri, editInnerParam(request, 'ref', 'uri', holder.uri), context);
}

const LEVELS: ReadonlySet<unknown> = new Set([
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
]);

/** Answers for all: the servers in use learn it now, the others when they are used, and one that refuses keeps its own. */
async function setLevel(call: ClientCall, { view, client }: AggregateContext): Promise<Answer> {
  if (!LEVELS.has(call.request.params?.['level'])) return invalid(call, `Log levels are ${[...LEVELS].join(', ')}.`);
  client.setLevel(call.request);
  const open = view.servers().filter((server) => server.peek(call.session.id) !== undefined);
  await Promise.all(
    open.map(async (server) => {
      await client.levelled(call, server);
    }),
  );
  return resultAnswer(call.request.idText, {});
}

/** Requests of extensions and of vendors: a name, a URI or a task in them says whose they are, or there is one server. */
function byWhatItNames(call: ClientCall, context: AggregateContext): Promise<Answer> | Answer {
  const { request } = call;
  const { name, uri } = request.params ?? {};
  if (typeof name === 'string' && context.offers.ownerOfName(name) !== null) {
    const owner = shownOwner(name, ['tools', 'prompts'], context);
    if (owner === null) return invalid(call, `Nothing here is named "${name}".`);
    return toServer(call, owner.server, owner.name, editParam(request, 'name', owner.name), context);
  }
  const holder = typeof uri === 'string' ? knownHolderOf(uri, context) : null;
  if (holder !== null) return askHolder(call, holder, context);
  const server = ownerOfTask(call, context) ?? onlyServer(context.view);
  if (server !== null) return toServer(call, server, targetOf(request), [], context);
  const message = `Method "${request.method}" is not known here, and nothing in it says which server it is for.`;
  return refusal(request.idText, RPC_CODES.methodNotFound, message);
}

function ownerOfTask({ request }: ClientCall, { view, client }: AggregateContext): UpstreamServer | null {
  const taskId = taskIdOf(request.params);
  const owner = taskId === null ? null : client.ownerOfTask(taskId);
  return owner !== null && view.servers().includes(owner) ? owner : null;
}

function onlyServer(view: View): UpstreamServer | null {
  const servers = view.servers();
  return servers.length === 1 ? (servers[0] ?? null) : null;
}

function unknownResource(call: ClientCall, uri: string): Answer {
  return invalid(call, `No server offers the resource "${uri}".`);
}

function invalid({ request }: ClientCall, message: string): Answer {
  return refusal(request.idText, RPC_CODES.invalidParams, message);
}
