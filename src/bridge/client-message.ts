import { isModern, META } from '../gateway/era/envelope.ts';
import { requestHeaders, STDIO_CLIENT } from '../gateway/era/request-headers.ts';
import { messageTextsOf, parseFrame, traceMetaOf, type Frame, type NotificationFrame } from '../gateway/frame/frame.ts';
import { memberNamed, membersAt } from '../gateway/frame/json-scan.ts';

/** A line from the client, with what its way through the bridge depends on. Ids are JSON source, as they were sent. */
export interface ClientMessage {
  readonly text: string;
  /** Place in the order in which the messages came. */
  readonly place: number;
  /** When its sender is to be told that no gateway takes it, on the clock of `performance.now()`. */
  readonly deadline: number;
  /** `opening` begins a session, `opened` is the notification that ends its handshake, `notification` any other. */
  readonly kind: 'opening' | 'opened' | 'notification' | 'invalid' | 'other';
  /** Null unless it is a request of the stateless era. */
  readonly stateless: StatelessRequest | null;
  /** The requests in it that have not been answered: one, several of a batch, or none. */
  readonly unanswered: Set<string>;
  /** The gateway's request that it answers. */
  readonly answers: string | null;
  /** The client's own request that it takes back. */
  readonly cancels: string | null;
  /** What a gateway that was restarted has to be told again. */
  readonly setting: Setting | null;
  /** How often a gateway has said that it knows nothing of the session it was sent in. */
  refusals: number;
}

/** A request that needs no session (MCP 2026-07-28). */
export interface StatelessRequest {
  readonly idText: string;
  /** What its HTTP request repeats of it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its answer is a stream of news that lasts until one side ends it. */
  readonly isSubscription: boolean;
}

/** Something a client asks for once and relies on from then on. */
export interface Setting {
  /** Settings of the same key replace each other. */
  readonly key: string;
  readonly isTakenBack: boolean;
}

export function readClientMessage(text: string, place: number, deadline: number): ClientMessage {
  const frames = framesOf(text);
  const [only] = frames?.length === 1 ? frames : [];
  return {
    text,
    place,
    deadline,
    kind: frames === null ? 'invalid' : kindOf(only),
    stateless: statelessOf(only),
    unanswered: new Set((frames ?? []).flatMap((frame) => (frame.kind === 'request' ? [frame.idText] : []))),
    answers: only?.kind === 'result' || only?.kind === 'error' ? only.idText : null,
    cancels: only?.kind === 'notification' ? cancelledBy(only) : null,
    setting: settingOf(only),
    refusals: 0,
  };
}

/** Null when it is not all messages: what is wrong with it is the gateway's to say. */
function framesOf(text: string): readonly Frame[] | null {
  const parsed = (messageTextsOf(text) ?? [text]).map(parseFrame);
  const frames = parsed.flatMap((result) => (result.ok ? [result.value] : []));
  return frames.length === parsed.length ? frames : null;
}

function kindOf(frame: Frame | undefined): ClientMessage['kind'] {
  if (frame?.kind === 'request' && frame.method === 'initialize') return 'opening';
  if (frame?.kind !== 'notification') return 'other';
  return frame.method === 'notifications/initialized' ? 'opened' : 'notification';
}

function statelessOf(frame: Frame | undefined): StatelessRequest | null {
  if (frame?.kind !== 'request' || !isModern(frame, undefined)) return null;
  const version = traceMetaOf(frame)?.[META.protocolVersion];
  return {
    idText: frame.idText,
    headers: { ...requestHeaders(frame, typeof version === 'string' ? version : null), ...STDIO_CLIENT },
    isSubscription: frame.method === 'subscriptions/listen',
  };
}

/** The id's source in `notifications/cancelled`. */
export function cancelledBy({ method, members, text }: NotificationFrame): string | null {
  if (method !== 'notifications/cancelled') return null;
  const params = memberNamed(members, 'params');
  const id = memberNamed(params === undefined ? null : membersAt(text, params.valueStart), 'requestId');
  return id === undefined ? null : text.slice(id.valueStart, id.valueEnd);
}

function settingOf(frame: Frame | undefined): Setting | null {
  if (frame?.kind !== 'request') return null;
  switch (frame.method) {
    case 'logging/setLevel':
      return { key: frame.method, isTakenBack: false };
    case 'resources/subscribe':
    case 'resources/unsubscribe': {
      const uri = frame.params?.['uri'];
      const isTakenBack = frame.method === 'resources/unsubscribe';
      return typeof uri === 'string' ? { key: `resource ${uri}`, isTakenBack } : null;
    }
    default:
      return null;
  }
}
