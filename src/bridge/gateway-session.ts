import { isObject, parseFrame } from '../gateway/frame/frame.ts';
import { readGatewayMessage } from './gateway-message.ts';
import type { GatewayAddress } from './gateway-source.ts';
import { createHttpLink, POST_HEADERS, type Dispatched, type HttpLink } from './http-link.ts';
import { readBody, readMessages } from './read-messages.ts';
import { refusalSentence, refusalText } from './refusal.ts';

/** The bridge's session with one run of the gateway (MCP Streamable HTTP), or, without an id, none yet. */
export class GatewaySession {
  readonly address: GatewayAddress;
  readonly id: string | null;
  readonly #link: HttpLink;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(address: GatewayAddress, link: HttpLink, id: string | null, protocolVersion: string | null) {
    this.address = address;
    this.id = id;
    this.#link = link;
    this.#headers = {
      ...(id !== null && { 'mcp-session-id': id }),
      ...(protocolVersion !== null && { 'mcp-protocol-version': protocolVersion }),
    };
  }

  post(text: string): Dispatched {
    return this.#link.send('POST', { ...POST_HEADERS, ...this.#headers }, text);
  }

  /** Opens the stream of what comes unasked, or goes on with a stream that broke after `lastEventId`. */
  listen(lastEventId: string | null): Dispatched {
    const resuming = lastEventId === null ? {} : { 'last-event-id': lastEventId };
    return this.#link.send('GET', { accept: 'text/event-stream', ...resuming, ...this.#headers });
  }

  /** Ends the session at the gateway, which has `boundMillis` to take note, and cuts the connections. Never rejects. */
  async end(boundMillis: number): Promise<void> {
    if (this.id !== null) {
      const { response } = this.#link.send('DELETE', this.#headers, undefined, AbortSignal.timeout(boundMillis));
      await response.catch(() => null);
    }
    this.#link.close();
  }

  /** Cuts the connections: the gateway knows this session no more. */
  leave(): void {
    this.#link.close();
  }
}

export type Opening =
  | {
      readonly kind: 'opened';
      readonly session: GatewaySession;
      readonly answer: string;
      /** Which lists the gateway said it would tell changes of: `tools`, `prompts`, `resources`. */
      readonly announcedLists: readonly string[];
    }
  | { readonly kind: 'refused'; readonly answer: string; readonly sentence: string };

export interface OpeningRequest {
  readonly address: GatewayAddress;
  /** For example `/mcp`. */
  readonly path: string;
  /** The client's `initialize`. */
  readonly text: string;
  readonly idText: string;
  /** Takes what comes before the answer. */
  readonly receive: (text: string) => Promise<void>;
}

/** Begins a session with the client's `initialize`. Rejects when the gateway cannot be reached or does not answer. */
export async function openSession({ address, path, text, idText, receive }: OpeningRequest): Promise<Opening> {
  const link = createHttpLink(address.origin + path, address.token);
  let isOpened = false;
  try {
    const response = await link.send('POST', POST_HEADERS, text).response;
    const status = response.statusCode ?? 0;
    if (status >= 400) return refused(idText, status, await readBody(response));
    const answers: string[] = [];
    await readMessages(response, { lastEventId: null, retryMillis: null }, async (message) => {
      const read = readGatewayMessage(message);
      if (read.kind === 'answer' && read.idTexts.includes(idText)) answers.push(message);
      else await receive(message);
    });
    const [answer] = answers;
    if (answer === undefined) throw new Error('the gateway ended its answer to initialize before it was complete');
    const opening = opened(address, link, response.headers['mcp-session-id'], answer);
    isOpened = opening.kind === 'opened';
    return opening;
  } finally {
    if (!isOpened) link.close();
  }
}

function opened(
  address: GatewayAddress,
  link: HttpLink,
  sessionId: string | string[] | undefined,
  answer: string,
): Opening {
  const parsed = parseFrame(answer);
  if (!parsed.ok || parsed.value.kind !== 'result') {
    return { kind: 'refused', answer, sentence: refusalSentence(200, answer) };
  }
  const { result } = parsed.value;
  const members = isObject(result) ? result : {};
  const version = typeof members['protocolVersion'] === 'string' ? members['protocolVersion'] : null;
  const id = typeof sessionId === 'string' ? sessionId : null;
  return {
    kind: 'opened',
    session: new GatewaySession(address, link, id, version),
    answer,
    announcedLists: announcedLists(members['capabilities']),
  };
}

function announcedLists(capabilities: unknown): readonly string[] {
  if (!isObject(capabilities)) return [];
  return ['tools', 'prompts', 'resources'].filter((list) => {
    const capability = capabilities[list];
    return isObject(capability) && capability['listChanged'] === true;
  });
}

function refused(idText: string, status: number, body: string): Opening {
  return { kind: 'refused', answer: refusalText(idText, status, body), sentence: refusalSentence(status, body) };
}
