import { META, type Envelope } from '../era/envelope.ts';
import { notificationText, requestText } from '../frame/compose.ts';
import { addMeta, applyEdits } from '../frame/edit.ts';
import { isObject, parseFrame, type JsonObject, type NotificationFrame, type RequestFrame } from '../frame/frame.ts';
import type { Answer } from '../routing/answer.ts';
import type { ClientCall } from '../routing/forward.ts';
import type { MessageStream } from '../session/message-stream.ts';
import { asRequest } from '../upstream/handshake.ts';
import type { Dispatch } from './dispatch.ts';
import { EventWriter } from './event-writer.ts';
import type { DoorContext, Exchange } from './exchange.ts';
import { refuseNewClient } from './post.ts';

/** Streams of news that clients of the stateless era open with `subscriptions/listen`. */
export interface ModernListening {
  open(exchange: Exchange, frame: RequestFrame, envelope: Envelope): Promise<void>;
  /** Ends every stream with the answer to the request that opened it. */
  stop(): void;
}

/** What of a filter asks for which news. */
const LISTS: Readonly<Record<string, string>> = {
  'notifications/tools/list_changed': 'toolsListChanged',
  'notifications/prompts/list_changed': 'promptsListChanged',
  'notifications/resources/list_changed': 'resourcesListChanged',
};
const UPDATED = 'notifications/resources/updated';
const MOST_WAITING = 100;
const MOST_RESOURCES = 256;

const nowhere: MessageStream = { isOpen: false, send: () => undefined };

export function createModernListening(context: DoorContext, dispatch: Dispatch): ModernListening {
  const open = new Map<EventWriter, string>();

  return {
    async open(exchange, frame, envelope) {
      const session = context.stateless.sessionFor(exchange.visit.route.scope, envelope);
      if (session === null) {
        refuseNewClient(exchange, frame.idText);
        return;
      }
      const { response } = exchange.visit;
      const gone = new AbortController();
      const { observation, carries } = exchange;
      const operation = dispatch.observe(frame, { observation, carries, session });
      const subscription = new Subscription(frame);
      session.listeners.add(subscription);
      response.once('close', () => {
        gone.abort();
        session.listeners.delete(subscription);
        context.sessions.touch(session);
      });
      const call = { session, operation, stream: nowhere, signal: gone.signal };
      const reached = await reach(call, context);
      if (reached !== null && reached.outcome.kind !== 'result') {
        operation.end(reached.outcome);
        exchange.answer(200, { ...reached, text: reached.text.replace('"id":0', `"id":${frame.idText}`) });
        return;
      }
      const uris = await subscribed(call, subscription.wantedUris, context);
      operation.end({ kind: 'accepted' });
      if (gone.signal.aborted) {
        exchange.end({ kind: 'disconnected' });
        return;
      }
      const writer = new EventWriter(response, ['x-correlation-id', observation.correlationId]);
      subscription.begin(writer, uris, reached === null ? null : capabilitiesIn(reached));
      open.set(writer, ended(frame.idText));
      response.once('close', () => open.delete(writer));
      exchange.end({ kind: 'answered', statusCode: 200 });
    },
    stop() {
      for (const [writer, text] of open) {
        writer.send(text);
        writer.end();
      }
      open.clear();
    },
  };
}

type Asking = Omit<ClientCall, 'request'>;

/** Opens what carries the news of a server's own endpoint; null where there are several, which are open already. */
async function reach(call: Asking, { router }: DoorContext): Promise<Answer | null> {
  if (call.session.scope.kind !== 'server') return null;
  return await router.initialize({ ...call, request: call.session.initialize });
}

/** Of an answer to `initialize`. */
function capabilitiesIn({ text }: Answer): JsonObject {
  const parsed = parseFrame(text);
  const result = parsed.ok && parsed.value.kind === 'result' ? parsed.value.result : null;
  const capabilities = isObject(result) ? result['capabilities'] : null;
  return isObject(capabilities) ? capabilities : {};
}

/**
 * Which of the resources their servers agree to report on. They do so until the client's session ends: another of its
 * streams may want the same.
 */
async function subscribed(call: Asking, uris: readonly string[], { router }: DoorContext): Promise<readonly string[]> {
  const answers = await Promise.all(
    uris.map(async (uri) => {
      const request = asRequest(requestText('0', 'resources/subscribe', { uri }));
      const { outcome } = await router.route({ ...call, request });
      return outcome.kind === 'result' ? [uri] : [];
    }),
  );
  return answers.flat();
}

/** One listener: passes on what it asked for, each with the id of the request that asked. */
class Subscription implements MessageStream {
  readonly wantedUris: readonly string[];
  readonly #filter: JsonObject;
  readonly #tag: string;
  readonly #waiting: string[] = [];
  #writer: EventWriter | null = null;

  constructor({ params, idText }: RequestFrame) {
    const wanted = params?.['notifications'];
    this.#filter = isObject(wanted) ? wanted : {};
    const uris: unknown = this.#filter['resourceSubscriptions'];
    this.wantedUris = Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string').slice(0, MOST_RESOURCES) : [];
    this.#tag = `${JSON.stringify(META.subscriptionId)}:${idText}`;
  }

  get isOpen(): boolean {
    return this.#writer === null || this.#writer.isOpen;
  }

  send(text: string): void {
    const parsed = parseFrame(text);
    if (!parsed.ok || parsed.value.kind !== 'notification' || !this.#wants(parsed.value)) return;
    const tagged = applyEdits(text, addMeta(parsed.value, this.#tag));
    if (this.#writer !== null) this.#writer.send(tagged);
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push(tagged);
  }

  /**
   * Acknowledges, which goes before all news, and sends what has come meanwhile. `capabilities` are those of the server at
   * whose endpoint it listens; null where there are several, whose lists change as they come and go.
   */
  begin(writer: EventWriter, uris: readonly string[], capabilities: JsonObject | null): void {
    const lists = Object.values(LISTS).filter((name) => this.#filter[name] === true && isTold(name, capabilities));
    const granted = {
      ...Object.fromEntries(lists.map((name) => [name, true])),
      ...(this.wantedUris.length > 0 && { resourceSubscriptions: uris }),
    };
    const text = notificationText('notifications/subscriptions/acknowledged', { notifications: granted });
    const parsed = parseFrame(text);
    if (parsed.ok && parsed.value.kind === 'notification')
      writer.send(applyEdits(text, addMeta(parsed.value, this.#tag)));
    this.#writer = writer;
    for (const waiting of this.#waiting.splice(0)) writer.send(waiting);
  }

  #wants({ method, params }: NotificationFrame): boolean {
    const list = LISTS[method];
    if (list !== undefined) return this.#filter[list] === true;
    return method === UPDATED && this.wantedUris.includes(String(params?.['uri']));
  }
}

function isTold(list: string, capabilities: JsonObject | null): boolean {
  if (capabilities === null) return true;
  const offered = capabilities[list.replace('ListChanged', '')];
  return isObject(offered) && offered['listChanged'] === true;
}

function ended(idText: string): string {
  const meta = `{${JSON.stringify(META.subscriptionId)}:${idText}}`;
  return `{"jsonrpc":"2.0","id":${idText},"result":{"resultType":"complete","_meta":${meta}}}`;
}
