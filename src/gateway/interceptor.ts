import type { ServerId } from '../shared/domain/ids.ts';
import type { RequestFrame, ResponseFrame } from './frame/frame.ts';
import type { OperationObservation } from './observer.ts';

/** A call on its way to one server, under the server's own names. */
export interface InterceptedCall {
  readonly serverId: ServerId;
  readonly sessionId: string;
  readonly request: RequestFrame;
  readonly operation: OperationObservation;
  readonly signal: AbortSignal;
}

/** Why a call was stopped; becomes the JSON-RPC error its caller gets. */
export interface Violation {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

export type BeforeCall =
  /** Send this message; the same object when nothing was changed, so that its bytes stay. */
  | { readonly kind: 'proceed'; readonly request: RequestFrame }
  | { readonly kind: 'stop'; readonly violation: Violation };

export type AfterCall =
  | { readonly kind: 'proceed'; readonly response: ResponseFrame }
  | { readonly kind: 'stop'; readonly violation: Violation };

/** Sees calls before they leave for a server and answers before they leave for the client; may change or stop either. */
export interface Interceptor {
  before(call: InterceptedCall): BeforeCall | Promise<BeforeCall>;
  after(call: InterceptedCall, response: ResponseFrame): AfterCall | Promise<AfterCall>;
}

/** The chain with nothing in it. */
export const emptyChain: Interceptor = {
  before: ({ request }) => ({ kind: 'proceed', request }),
  after: (_call, response) => ({ kind: 'proceed', response }),
};
