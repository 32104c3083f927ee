import type { IncomingMessage, ServerResponse } from 'node:http';
import { baggageOf, NO_BAGGAGE, type BaggageRules, type CarriesBaggage } from '../baggage.ts';
import type { Clock, EpochMillis } from '../clock.ts';
import { errorText } from '../frame/compose.ts';
import type { ExchangeObservation, ExchangeOutcome, ExchangeStart, Observer } from '../observer.ts';
import { RPC_CODES, type Answer } from '../routing/answer.ts';
import type { Router } from '../routing/router.ts';
import type { VirtualServers } from '../routing/virtual-servers.ts';
import type { ClientSessions } from '../session/client-sessions.ts';
import type { InputWaits } from '../session/input-waits.ts';
import type { StatelessSessions } from '../session/stateless-sessions.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import { discardRest } from './body.ts';
import type { Patience } from './patience.ts';
import type { McpRoute } from './route.ts';

/** What every door works with. */
export interface DoorContext {
  readonly clock: Clock;
  readonly observer: Observer;
  readonly router: Router;
  readonly sessions: ClientSessions;
  readonly servers: Pick<ServerRegistry, 'get'>;
  readonly stateless: StatelessSessions;
  readonly inputWaits: InputWaits;
  /** Null hands no baggage on. */
  readonly baggage: BaggageRules | null;
  readonly virtualServers: VirtualServers;
  readonly patience: Patience;
  readonly maxBodyBytes: number;
  /** Of event streams that wait for their client's `initialize`; sessions have a limit of their own. */
  readonly maxSessions: number;
  /** Told of failures that should not happen; their callers only hear that something failed. */
  readonly onDefect: (error: unknown) => void;
}

/** What it takes to begin the trace of a message. */
export type ExchangeContext = Pick<DoorContext, 'observer' | 'servers' | 'virtualServers' | 'baggage'>;

/** Where a message's trace belongs: by its own trace context, or by what it goes on with. */
export type Placement = Required<Pick<ExchangeStart, 'meta' | 'continues'>>;

/** A batch, and what is no message, has no trace context of its own. */
const UNPLACED: Placement = { meta: null, continues: null };

/** One HTTP request at a door. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly route: McpRoute;
}

export interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly idText: string | null;
  readonly data?: unknown;
}

/** One POST with its trace, which ends once, whatever happens. */
export class Exchange {
  readonly visit: Visit;
  readonly observation: ExchangeObservation;
  readonly carries: CarriesBaggage;
  #isOver = false;

  constructor(visit: Visit, context: ExchangeContext, receivedAt: EpochMillis, placement: Placement = UNPLACED) {
    this.visit = visit;
    this.observation = context.observer.exchange(exchangeStart(visit, context, receivedAt, placement));
    const { baggage } = context;
    const { headers } = visit.request;
    this.carries = baggage === null ? () => NO_BAGGAGE : (meta) => baggageOf({ meta, headers }, baggage);
  }

  /** Answers with an error of the gateway's own and ends the exchange. */
  refuse(statusCode: number, { idText, ...error }: Refusal): void {
    const { code, message } = error;
    const text = errorText(idText, error);
    sendJson(this.visit.response, statusCode, text, ['x-correlation-id', this.observation.correlationId]);
    this.end({ kind: 'answered', statusCode, answer: { kind: 'error', code, message, messageText: text } });
  }

  refuseTooLarge(maxBytes: number): void {
    const message = `The message is larger than ${maxBytes} bytes, the most this gateway takes (gateway.maxBodyBytes).`;
    this.refuse(413, { code: RPC_CODES.invalidRequest, message, idText: null });
    discardRest(this.visit.request);
  }

  /** Answers at once and ends the exchange. */
  answer(statusCode: number, { text, outcome }: Answer): void {
    sendJson(this.visit.response, statusCode, text, ['x-correlation-id', this.observation.correlationId]);
    this.end({ kind: 'answered', statusCode, answer: outcome });
  }

  /** Tells the caller that its message was taken. The exchange goes on. */
  acknowledge(): void {
    const headers = ['x-correlation-id', this.observation.correlationId, 'content-length', '0'];
    this.visit.response.writeHead(202, headers).end();
  }

  /** Takes what needs no answer. */
  accept(): void {
    this.acknowledge();
    this.end({ kind: 'answered', statusCode: 202 });
  }

  end(outcome: ExchangeOutcome): void {
    this.#isOver = true;
    this.observation.end(outcome);
  }

  /** Ends an exchange whose handling failed, whatever its caller has had of the answer by then (R40). */
  fail(): void {
    if (this.#isOver) return;
    const { response } = this.visit;
    const message = 'The gateway failed while it handled this request.';
    if (!response.headersSent) {
      this.refuse(500, { code: RPC_CODES.internalError, message, idText: null });
      return;
    }
    response.destroy();
    const answer = { kind: 'failed', category: 'unknown', message, messageText: null } as const;
    this.end({ kind: 'answered', statusCode: response.statusCode, answer });
  }
}

/** What the observer is told of a request. */
export function exchangeStart(
  { request, url, route }: Visit,
  { servers, virtualServers }: Pick<ExchangeContext, 'servers' | 'virtualServers'>,
  receivedAt: EpochMillis,
  { meta, continues }: Placement = UNPLACED,
): ExchangeStart {
  return {
    receivedAt,
    method: request.method ?? 'POST',
    route: route.template,
    // The id of a server that is not there is the caller's text, not a name of ours (R5).
    path: isKnown(route, servers, virtualServers) ? url.pathname : route.template,
    query: route.door === 'message' ? queryWithoutSession(url) : url.search.slice(1),
    httpVersion: request.httpVersion,
    headers: observedHeaders(request),
    serverPort: request.socket.localPort ?? null,
    peer: request.socket,
    meta,
    continues,
  };
}

/** Sends JSON in one write. `headers` are names and values in turn. */
export function sendJson(
  response: ServerResponse,
  statusCode: number,
  text: string,
  headers: readonly string[] = [],
): void {
  const length = String(Buffer.byteLength(text));
  response.writeHead(statusCode, [...headers, 'content-type', 'application/json', 'content-length', length]).end(text);
}

/** Refuses a request that is no message and so has no trace. */
export function refuseUntraced(response: ServerResponse, statusCode: number, message: string): void {
  sendJson(response, statusCode, errorText(null, { code: RPC_CODES.invalidRequest, message }));
}

export function refuseMethod(response: ServerResponse, allowed: string, message: string): void {
  response.setHeader('allow', allowed);
  refuseUntraced(response, 405, message);
}

export function isKnown(
  { scope }: McpRoute,
  servers: DoorContext['servers'],
  virtualServers: Pick<VirtualServers, 'get'>,
): boolean {
  if (scope.kind === 'all') return true;
  return scope.kind === 'virtual'
    ? virtualServers.get(scope.id) !== undefined
    : servers.get(scope.serverId) !== undefined;
}

/** Whoever has a session's id can speak in its name (R16). */
function queryWithoutSession(url: URL): string {
  const query = new URLSearchParams(url.search);
  query.delete('sessionId');
  return query.toString();
}

const OBSERVED_HEADERS = ['traceparent', 'tracestate', 'baggage', 'user-agent', 'x-correlation-id'] as const;

/** What of a request's headers an observer is told. */
export function observedHeaders({ headers }: IncomingMessage): Record<string, string | undefined> {
  const observed: Record<string, string | undefined> = {};
  for (const name of OBSERVED_HEADERS) {
    const value = headers[name];
    observed[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return observed;
}
