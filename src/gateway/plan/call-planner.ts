import type { IncomingMessage } from 'node:http';
import type { ServerId } from '../../shared/domain/ids.ts';
import { baggageOf, baggageText, NO_BAGGAGE, type BaggageRules } from '../baggage.ts';
import type { Clock } from '../clock.ts';
import { observedHeaders } from '../edges/exchange.ts';
import { traceMetaOf, type RequestFrame } from '../frame/frame.ts';
import { editedFrame, editParam, editTraceContext } from '../frame/edit.ts';
import type { Interceptor } from '../interceptor.ts';
import type {
  Baggage,
  ExchangeObservation,
  Observer,
  OperationObservation,
  OperationStart,
  TraceContext,
} from '../observer.ts';
import { RPC_CODES, refusal, type Answer } from '../routing/answer.ts';
import { targetOf } from '../routing/forward.ts';
import type { OwnName } from '../routing/offers.ts';
import type { Router } from '../routing/router.ts';
import type { VirtualServers } from '../routing/virtual-servers.ts';
import type { Scope } from '../session/client-session.ts';
import { wordedFor, type WordedCall } from '../upstream/worded-call.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';

/** The address at which plans are asked for. */
export const PLAN_ROUTE = '/api/plan';

/** A tool call that somebody else is going to make. */
export interface PlanRequest {
  /** A `tools/call`. */
  readonly request: RequestFrame;
  /** Whose own name the tool has; null: it has the name that it has at `/mcp`. */
  readonly serverId: ServerId | null;
  /** How it was asked for. */
  readonly visit: IncomingMessage;
  /** Ends when who asked has gone. */
  readonly signal: AbortSignal;
}

export interface PlannedCall {
  readonly server: UpstreamServer;
  /** The server's own name of the tool. */
  readonly tool: string;
  /** The request as it is to be sent, trace context included where the server may have it. */
  readonly request: RequestFrame;
  /** What the request's POST is to repeat of it, and the baggage that goes with it. */
  readonly headers: Readonly<Record<string, string>>;
  /** The revision that is spoken with the server; null while that is not known. */
  readonly protocolVersion: string | null;
  /** Of the span below which the call belongs; null while nothing is recorded. */
  readonly traceContext: TraceContext | null;
  /** The server may be sent it. */
  readonly sendsTraceContext: boolean;
}

export type PlanAnswer = { readonly correlationId: string } & (
  | { readonly kind: 'planned'; readonly plan: PlannedCall }
  /** A JSON-RPC error: there is no such tool, or the call was stopped. */
  | { readonly kind: 'refused'; readonly statusCode: number; readonly text: string }
  /** Only the gateway can reach the server. */
  | { readonly kind: 'local'; readonly statusCode: number; readonly serverId: ServerId }
);

/** Prepares tool calls for others to make: everything that happens before a call leaves for its server, and no more. */
export interface CallPlanner {
  /** Rejects only when something fails that should not. */
  plan(request: PlanRequest): Promise<PlanAnswer>;
}

export interface CallPlannerOptions {
  readonly clock: Clock;
  readonly observer: Observer;
  readonly interceptor: Interceptor;
  readonly router: Pick<Router, 'ownerOfTool'>;
  readonly virtualServers: Pick<VirtualServers, 'get'>;
  readonly baggage: BaggageRules | null;
}

const PLANNER = 'plan';

export function createCallPlanner(options: CallPlannerOptions): CallPlanner {
  return {
    async plan(request) {
      const { clock, observer } = options;
      clock.follow();
      const exchange = observer.exchange(exchangeStartOf(request, clock));
      try {
        const answer = await answerIn(exchange, request, options);
        exchange.end({
          kind: 'answered',
          statusCode: answer.kind === 'planned' ? 200 : answer.statusCode,
          answer: answer.outcome,
        });
        return { ...answer, correlationId: exchange.correlationId };
      } catch (error) {
        exchange.end({ kind: 'answered', statusCode: 500 });
        throw error;
      }
    },
  };
}

function exchangeStartOf({ request, visit }: PlanRequest, clock: Clock) {
  return {
    receivedAt: clock.now(),
    method: 'POST',
    route: PLAN_ROUTE,
    path: PLAN_ROUTE,
    query: '',
    httpVersion: visit.httpVersion,
    headers: observedHeaders(visit),
    serverPort: visit.socket.localPort ?? null,
    peer: visit.socket,
    meta: traceMetaOf(request),
  };
}

type Outcome = Pick<Answer, 'outcome'>;
type Settled =
  | ({ readonly kind: 'planned'; readonly plan: PlannedCall } & Outcome)
  | ({ readonly kind: 'refused'; readonly statusCode: number; readonly text: string } & Outcome)
  | ({ readonly kind: 'local'; readonly statusCode: number; readonly serverId: ServerId } & Outcome);

async function answerIn(
  exchange: ExchangeObservation,
  asked: PlanRequest,
  options: CallPlannerOptions,
): Promise<Settled> {
  const meta = traceMetaOf(asked.request);
  const { headers } = asked.visit;
  const baggage = options.baggage === null ? NO_BAGGAGE : baggageOf({ meta, headers }, options.baggage);
  const operation = exchange.operation(operationStart(asked, baggage));
  let settled: Settled | null = null;
  try {
    settled = await settle(asked, operation, { ...options, carried: baggage });
    return settled;
  } finally {
    operation.end(settled?.outcome ?? FAILED);
  }
}

const FAILED = {
  kind: 'failed',
  category: 'unknown',
  message: 'The gateway failed while it planned this call.',
  messageText: null,
} as const;

function operationStart({ request, serverId }: PlanRequest, baggage: Baggage): OperationStart {
  return {
    method: request.method,
    requestIdText: request.idText,
    params: request.params,
    messageText: request.text,
    target: targetOf(request),
    serverId,
    sessionId: null,
    protocolVersion: null,
    clientName: null,
    linkedMeta: null,
    baggage,
    isPlan: true,
  };
}

interface Settling extends CallPlannerOptions {
  readonly carried: Baggage;
}

async function settle(asked: PlanRequest, operation: OperationObservation, options: Settling): Promise<Settled> {
  const { request, serverId, signal } = asked;
  const owner = options.router.ownerOfTool(scopeOf(serverId, options), targetOf(request) ?? '');
  if (owner === null) return unknownTool(asked);
  const { server, name } = owner;
  operation.routed(server.id, name);
  if (server.config.type === 'stdio')
    return { kind: 'local', statusCode: 409, serverId: server.id, outcome: { kind: 'accepted' } };
  const intercepted = {
    serverId: server.id,
    sessionId: PLANNER,
    request: editedFrame(request, editParam(request, 'name', name)),
    operation,
    signal,
  };
  const before = await options.interceptor.before(intercepted);
  if (before.kind === 'stop') {
    const { code, message, data } = before.violation;
    return { kind: 'refused', statusCode: 403, ...refusal(request.idText, code, message, data) };
  }
  return { kind: 'planned', plan: planFor(owner, before.request, operation, options), outcome: { kind: 'accepted' } };
}

function scopeOf(serverId: ServerId | null, { virtualServers }: CallPlannerOptions): Scope {
  if (serverId === null) return { kind: 'all' };
  return virtualServers.get(serverId) === undefined ? { kind: 'server', serverId } : { kind: 'virtual', id: serverId };
}

function unknownTool({ request, serverId }: PlanRequest): Settled {
  const where = serverId === null ? 'here' : `at server "${serverId}"`;
  const message = `There is no tool "${targetOf(request) ?? ''}" ${where}: ask tools/list for the names.`;
  return { kind: 'refused', statusCode: 404, ...refusal(request.idText, RPC_CODES.invalidParams, message) };
}

/** The client span ends with the plan: when the call itself is made, and how it ends, its maker's own spans tell. */
function planFor(
  { server, name }: OwnName,
  request: RequestFrame,
  operation: OperationObservation,
  { carried }: Settling,
): PlannedCall {
  const { id, config, address } = server;
  const call = operation.upstreamCall({
    serverId: id,
    method: request.method,
    target: name,
    transport: config.type,
    address,
    attempt: 1,
    isPlan: true,
  });
  const worded: WordedCall = wordedFor(server, request);
  const sendsTraceContext = config.traceContext !== false;
  const baggage = sendsTraceContext ? baggageText(carried) : null;
  const context = sendsTraceContext ? call.traceContext : null;
  const edits = editTraceContext(request, context, { others: worded.envelope, baggage });
  if (worded.protocolVersion !== null) call.agreed(worded.protocolVersion);
  call.end({ kind: 'accepted' });
  return {
    server,
    tool: name,
    request: editedFrame(request, edits),
    headers: baggage === null ? worded.headers : { ...worded.headers, baggage },
    protocolVersion: worded.protocolVersion,
    traceContext: call.traceContext,
    sendsTraceContext,
  };
}
