import { randomUUID } from 'node:crypto';
import { META, MODERN_CODES, type Envelope } from '../era/envelope.ts';
import { errorText } from '../frame/compose.ts';
import { parseFrame, type RequestFrame } from '../frame/frame.ts';
import { memberNamed, membersAt } from '../frame/json-scan.ts';
import { refusal, type Answer } from '../routing/answer.ts';
import type { Questioner } from '../upstream/question.ts';
import type { ClientSession } from './client-session.ts';
import type { AskableStream, MessageStream } from './message-stream.ts';

/** What a call of the stateless era comes to next: its answer, or questions of the server's to its client. */
export type Step =
  { readonly kind: 'answered'; readonly answer: Answer } | { readonly kind: 'asked'; readonly requestsText: string };

interface Question {
  readonly frame: RequestFrame;
  readonly session: Questioner;
}

/** Which capability a client must have declared to be asked this. */
const CAPABILITY_FOR: Readonly<Record<string, string>> = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
};

/** What belongs to a request in flight and so may go on its own stream; other news goes to who listens for it. */
const OF_THE_CALL: ReadonlySet<string> = new Set(['notifications/progress', 'notifications/message']);

const UNSUPPORTED = -32_601;
const ID_PREFIX = 'throughline-held-';

/** Whether a `requestState` is one of the gateway's, and not a server's. */
export function isHeldId(state: string): boolean {
  return state.startsWith(ID_PREFIX);
}

/**
 * A call of the stateless era that a server of the era of handshakes handles. When the server asks its client something,
 * the client gets the question as the answer to its request (`input_required`, MCP 2026-07-28), and the call is held until
 * the client sends the request again with its reply.
 */
export class HeldCall implements AskableStream {
  readonly request: RequestFrame;
  readonly session: ClientSession;
  readonly #envelope: Envelope;
  readonly #questions = new Map<string, Question>();
  #stream: MessageStream | null = null;
  #calls: { abort(): void } | null = null;
  #answer: Answer | null = null;
  #isAborted = false;
  #id: string | null = null;
  #nextKey = 1;
  #wake: () => void = () => undefined;

  constructor(request: RequestFrame, envelope: Envelope, session: ClientSession) {
    this.request = request;
    this.session = session;
    this.#envelope = envelope;
  }

  /** The `requestState` by which its client comes back to it. Few calls are ever held. */
  get id(): string {
    this.#id ??= `${ID_PREFIX}${randomUUID()}`;
    return this.#id;
  }

  get isOpen(): boolean {
    return this.#stream?.isOpen === true;
  }

  /** Sends what is said during the call to whoever waits for it now. */
  send(text: string): void {
    const parsed = parseFrame(text);
    if (!parsed.ok || parsed.value.kind !== 'notification') return;
    const { method } = parsed.value;
    if (!OF_THE_CALL.has(method)) return;
    if (method === 'notifications/message' && this.#envelope.logLevel === null) return;
    this.#stream?.send(text);
  }

  endWithCaller(calls: { abort(): void }): void {
    this.#calls = calls;
    if (this.#isAborted) calls.abort();
  }

  /** Begins it. `mayAsk`: servers may ask the client something meanwhile. */
  begin(mayAsk: boolean, run: () => Promise<Answer>): void {
    if (mayAsk) this.session.askable.add(this);
    void run().then((answer) => {
      this.session.askable.delete(this);
      this.#answer ??= answer;
      this.#wake();
    });
  }

  /** Resolves with what comes next. `stream` is the client's connection until then. */
  async step(stream: MessageStream): Promise<Step> {
    this.#stream = stream;
    try {
      while (this.#answer === null && this.#questions.size === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      this.#stream = null;
    }
    if (this.#answer !== null) return { kind: 'answered', answer: this.#answer };
    return { kind: 'asked', requestsText: this.#requestsText() };
  }

  /** Takes the client's replies (the source of `inputResponses`) to the servers that asked. */
  reply(responsesText: string): void {
    const members = membersAt(responsesText, 0);
    for (const [key, { frame, session }] of this.#questions) {
      const response = memberNamed(members, key);
      if (response === undefined) continue;
      this.#questions.delete(key);
      const source = responsesText.slice(response.valueStart, response.valueEnd);
      void session.post(`{"jsonrpc":"2.0","id":${frame.idText},"result":${source}}`);
    }
  }

  /** Its client has left, or does not come back. Idempotent. */
  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#calls?.abort();
  }

  ask(frame: RequestFrame, session: Questioner): boolean {
    const capability = CAPABILITY_FOR[frame.method];
    if (capability !== undefined && capability in this.#envelope.capabilities) {
      this.#questions.set(`question-${this.#nextKey}`, { frame, session });
      this.#nextKey += 1;
      this.#wake();
      return true;
    }
    if (capability === undefined) return false;
    const message = `The client cannot be asked for "${frame.method}".`;
    void session.post(errorText(frame.idText, { code: UNSUPPORTED, message }));
    this.#lacks(capability);
    return true;
  }

  /** The server needs what the client has not got; going on without it is the server's choice no more. */
  #lacks(capability: string): void {
    const message = `This request needs the client capability "${capability}", which ${META.clientCapabilities} does not have.`;
    const data = { requiredCapabilities: { [capability]: {} } };
    this.#answer = refusal(this.request.idText, MODERN_CODES.missingCapability, message, data);
    this.abort();
    this.#wake();
  }

  #requestsText(): string {
    const entries = [...this.#questions].map(([key, { frame }]) => {
      const params = memberNamed(frame.members, 'params');
      const tail = params === undefined ? '' : `,"params":${frame.text.slice(params.valueStart, params.valueEnd)}`;
      return `${JSON.stringify(key)}:{"method":${JSON.stringify(frame.method)}${tail}}`;
    });
    return `{${entries.join(',')}}`;
  }
}
