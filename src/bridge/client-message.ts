import { messageTextsOf, parseFrame, type Frame, type NotificationFrame } from '../gateway/frame/frame.ts';
import { memberNamed, membersAt } from '../gateway/frame/json-scan.ts';

/** A line from the client, with what its way through the bridge depends on. Ids are JSON source, as they were sent. */
export interface ClientMessage {
  readonly text: string;
  /** Place in the order in which the messages came. */
  readonly place: number;
  /** When its sender is to be told that no gateway takes it, on the clock of `performance.now()`. */
  readonly deadline: number;
  /** `opening` begins a session, `opened` is the notification that ends its handshake. */
  readonly kind: 'opening' | 'opened' | 'invalid' | 'other';
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
  return frame?.kind === 'notification' && frame.method === 'notifications/initialized' ? 'opened' : 'other';
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
