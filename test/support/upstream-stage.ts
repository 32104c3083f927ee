import { createClock } from '../../src/gateway/clock.ts';
import { parseFrame, type NotificationFrame, type RequestFrame } from '../../src/gateway/frame/frame.ts';
import type {
  CallOutcome,
  OpeningMethod,
  OpeningObservation,
  Observer,
  OperationObservation,
  TraceContext,
  UpkeepStart,
  UpstreamCallObservation,
  UpstreamCallStart,
} from '../../src/gateway/observer.ts';
import { gatewayInitialize } from '../../src/gateway/upstream/handshake.ts';
import { callServer } from '../../src/gateway/upstream/server-call.ts';
import type { SessionOwner } from '../../src/gateway/upstream/session-pool.ts';
import type { UpstreamSettings } from '../../src/gateway/upstream/settings.ts';
import { createUpstreamServer, type UpstreamServer } from '../../src/gateway/upstream/upstream-server.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { ServerConfig, ServerState } from '../../src/shared/domain/server.ts';
import { silentNotification, silentQuestion } from './silent-observer.ts';

export interface RecordedMessage {
  readonly traceContext: TraceContext;
  /** The message as it left. */
  sent: string | null;
  readonly printed: string[];
  outcome: CallOutcome | null;
}

export interface RecordedOpening extends RecordedMessage {
  readonly method: OpeningMethod;
}

export interface RecordedCall extends RecordedMessage {
  readonly start: UpstreamCallStart;
  reused: boolean | null;
  /** What was said to open a session, in order; empty when there was one. */
  readonly openings: RecordedOpening[];
}

export interface RecordedUpkeep {
  readonly reason: UpkeepStart['reason'];
  readonly calls: RecordedCall[];
  outcome: CallOutcome | null;
}

export interface Ask {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  readonly onRelated?: (frame: RequestFrame | NotificationFrame) => void;
  readonly onStreaming?: () => void;
}

/** A client of one server, as the gateway would be for it. */
export interface StageClient {
  readonly id: string;
  /** Resolves with the answer's message; rejects with the UpstreamFailure. */
  ask(method: string, options?: Ask): Promise<Readonly<Record<string, unknown>>>;
  /** Calls a tool and resolves with the text of its first block. */
  tool(name: string, args?: Readonly<Record<string, unknown>>, options?: Ask): Promise<string>;
  readonly calls: RecordedCall[];
  /** What the server sent outside of calls. */
  readonly news: NotificationFrame[];
}

export interface UpstreamStage extends AsyncDisposable {
  readonly server: UpstreamServer;
  readonly upkeeps: readonly RecordedUpkeep[];
  client(id?: string): StageClient;
  /** Resolves when the server is in this state; at once when it is. */
  reached(state: ServerState): Promise<void>;
}

let contexts = 0;

function newMessage(): RecordedMessage {
  contexts += 1;
  const id = contexts.toString(16);
  const traceparent = `00-${id.padStart(32, 'a')}-${id.padStart(16, 'b')}-01`;
  return { traceContext: { traceparent, tracestate: null }, sent: null, printed: [], outcome: null };
}

function observing(message: RecordedMessage): OpeningObservation {
  return {
    traceContext: message.traceContext,
    sent: (text) => {
      message.sent = text;
    },
    received: () => undefined,
    printed: (line) => {
      message.printed.push(line);
    },
    told: () => undefined,
    end: (outcome) => {
      message.outcome = outcome;
    },
  };
}

function recordingOperation(calls: RecordedCall[], onEnd: (outcome: CallOutcome) => void): OperationObservation {
  return {
    traceContext: newMessage().traceContext,
    waits: () => ({ question: silentQuestion, end: () => undefined }),
    question: silentQuestion,
    upstreamNotification: silentNotification,
    routed: () => undefined,
    agreed: () => undefined,
    upstreamCall(start): UpstreamCallObservation {
      const call: RecordedCall = { ...newMessage(), start, reused: null, openings: [] };
      calls.push(call);
      return {
        ...observing(call),
        end: (outcome) => {
          call.outcome = outcome;
        },
        agreed: () => undefined,
        sessionReused: (reused) => {
          call.reused = reused;
        },
        opening: (method) => {
          const opening = { ...newMessage(), method };
          call.openings.push(opening);
          return observing(opening);
        },
      };
    },
    end: onEnd,
  };
}

function recordingObserver(upkeeps: RecordedUpkeep[]): Observer {
  const nothing = (): never => {
    throw new Error('No client comes to a server by itself.');
  };
  return {
    exchange: nothing,
    stream: nothing,
    question: silentQuestion,
    news: () => undefined,
    upkeep({ reason }) {
      const upkeep: RecordedUpkeep = { reason, calls: [], outcome: null };
      upkeeps.push(upkeep);
      return recordingOperation(upkeep.calls, (outcome) => {
        upkeep.outcome = outcome;
      });
    },
  };
}

function newClient(server: UpstreamServer, id: string): StageClient {
  const calls: RecordedCall[] = [];
  const news: NotificationFrame[] = [];
  const owner: SessionOwner = {
    id,
    initialize: gatewayInitialize('1'),
    request: () => undefined,
    notification: (frame) => news.push(frame),
    closed: () => undefined,
  };
  let lastId = 0;

  const ask: StageClient['ask'] = async (method, { params = {}, signal, onRelated, onStreaming } = {}) => {
    lastId += 1;
    const text = JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params });
    const parsed = parseFrame(text);
    if (!parsed.ok || parsed.value.kind !== 'request') throw new Error(`Not a request: ${text}`);
    const answer = await callServer({
      server,
      owner,
      operation: recordingOperation(calls, () => undefined),
      request: parsed.value,
      signal: signal ?? new AbortController().signal,
      target: null,
      onRelated: (frame) => onRelated?.(frame),
      onStreaming,
    });
    return JSON.parse(answer.text) as Readonly<Record<string, unknown>>;
  };

  return {
    id,
    ask,
    calls,
    news,
    async tool(name, args = {}, options = {}) {
      const meta = options.params?.['_meta'];
      const params = { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) };
      const answer = await ask('tools/call', { ...options, params });
      const result = answer['result'] as { content: readonly { text: string }[] } | undefined;
      const [block] = result?.content ?? [];
      if (block === undefined) throw new Error(`Not a result with text: ${JSON.stringify(answer)}`);
      return block.text;
    },
  };
}

/** One server with everything the gateway has for it, and eyes on what it tells; ends with the test. */
export function upstreamStage(config: ServerConfig, settings: Partial<UpstreamSettings> = {}): UpstreamStage {
  const upkeeps: RecordedUpkeep[] = [];
  const server = createUpstreamServer({
    id: 'stage' as ServerId,
    prefix: 'stage',
    config,
    settings: {
      clock: createClock(),
      observer: recordingObserver(upkeeps),
      sanitize: (text) => text,
      gatewayVersion: '1',
      environment: process.env,
      connectTimeoutMillis: 10_000,
      requestTimeoutMillis: 0,
      sessions: 'dedicated',
      idleStopMillis: 0,
      healthCheckMillis: 0,
      ...settings,
    },
  });
  let clients = 0;
  return {
    server,
    upkeeps,
    client(id) {
      clients += 1;
      return newClient(server, id ?? `client-${clients}`);
    },
    reached: (state) =>
      new Promise((resolve) => {
        if (server.status().state === state) {
          resolve();
          return;
        }
        const stop = server.onChange(() => {
          if (server.status().state !== state) return;
          stop();
          resolve();
        });
      }),
    async [Symbol.asyncDispose]() {
      await server.stop();
    },
  };
}
