import type { EpochMillis } from '../clock.ts';
import { META } from '../era/envelope.ts';
import { isObject, type NotificationFrame, type RequestFrame, type ResponseFrame } from '../frame/frame.ts';
import type { SendRequestOptions } from './upstream-session.ts';

/** Under whose name the gateway asks a server on its own account. */
export const GATEWAY_OWNER = 'gateway';

/** A request that is with a server. */
export interface PendingCall {
  readonly idText: string;
  readonly method: string;
  readonly options: SendRequestOptions;
  readonly resolve: (frame: ResponseFrame) => void;
  readonly reject: (reason: unknown) => void;
  /** Called once when the call is settled, before whoever waits for it hears. */
  readonly release: () => void;
}

/** The requests of one session that have no answer yet, oldest first. */
export interface PendingCalls {
  /** Without those that stand for as long as the session does. */
  readonly size: number;
  has(idText: string): boolean;
  get(idText: string): PendingCall | undefined;
  /** Resolves or rejects when the call is settled. */
  add(call: Pick<PendingCall, 'idText' | 'method' | 'options' | 'release'>): Promise<ResponseFrame>;
  take(idText: string): PendingCall | null;
  /** False when the call was settled before. */
  reject(idText: string, reason: unknown): boolean;
  rejectAll(reason: () => unknown): void;
  /** Tells every call in flight what the server printed meanwhile. */
  printed(line: string, from: 'stderr' | 'stdout', at: EpochMillis): void;
  /** The one call in flight, when there is just one. */
  onlyIdText(): string | null;
  /**
   * The call a message from the server belongs to: the one on whose stream it came, or whose progress it reports, else
   * for messages that only make sense during a call (requests, logs) the newest one in flight, provided that all in flight
   * are one client's: a guess must never show one client what was meant for another (S19).
   */
  causeOf(frame: RequestFrame | NotificationFrame, relatedIdText: string | null): PendingCall | null;
}

export function createPendingCalls(): PendingCalls {
  const calls = new Map<string, PendingCall>();
  const byProgressToken = new Map<string, PendingCall>();
  /** What `newestIn` found, null when calls came or went since: a server may send many messages in between. */
  let newest: PendingCall | null = null;
  let standing = 0;
  /** Whose calls these have been since the session began; null for several: what a server says may be late by then. */
  let onlyClient: string | null | undefined;

  function take(idText: string): PendingCall | null {
    const call = calls.get(idText);
    if (call === undefined) return null;
    calls.delete(idText);
    if (call.options.isStanding === true) standing -= 1;
    newest = null;
    const token = call.options.progressTokenText;
    if (token !== null && byProgressToken.get(token) === call) byProgressToken.delete(token);
    call.release();
    return call;
  }

  function newestOfOneClient(): PendingCall | null {
    if (onlyClient === null) return null;
    newest ??= newestIn(calls.values());
    return newest;
  }

  return {
    get size() {
      return calls.size - standing;
    },
    has: (idText) => calls.has(idText),
    get: (idText) => calls.get(idText),
    take,
    add({ idText, method, options, release }) {
      return new Promise((resolve, reject) => {
        const call = { idText, method, options, release, resolve, reject };
        calls.set(idText, call);
        if (options.isStanding === true) standing += 1;
        newest = null;
        if (method !== 'initialize' && options.ownerId !== GATEWAY_OWNER) {
          onlyClient = onlyClient === undefined || onlyClient === options.ownerId ? options.ownerId : null;
        }
        const token = options.progressTokenText;
        if (token !== null && !byProgressToken.has(token)) byProgressToken.set(token, call);
      });
    },
    reject(idText, reason) {
      const call = take(idText);
      call?.reject(reason);
      return call !== null;
    },
    rejectAll(reason) {
      for (const idText of [...calls.keys()]) take(idText)?.reject(reason());
    },
    printed(line, from, at) {
      for (const call of calls.values()) call.options.call.printed(line, from, at);
    },
    onlyIdText() {
      const [only, ...others] = [...calls.values()].filter(({ options }) => options.isStanding !== true);
      return others.length === 0 ? (only?.idText ?? null) : null;
    },
    causeOf(frame, relatedIdText) {
      if (relatedIdText !== null) return calls.get(relatedIdText) ?? null;
      const subscription = subscriptionOf(frame);
      if (subscription !== null) return calls.get(subscription) ?? null;
      if (frame.kind === 'request') return newestOfOneClient();
      if (frame.method === 'notifications/message') return newestOfOneClient();
      if (frame.method !== 'notifications/progress') return null;
      return byProgressToken.get(JSON.stringify(frame.params?.['progressToken'] ?? null)) ?? null;
    },
  };
}

/** The newest of these that a server may be speaking of, provided that they are all one client's. */
function newestIn(calls: Iterable<PendingCall>): PendingCall | null {
  let newest: PendingCall | null = null;
  for (const call of calls) {
    if (call.method === 'initialize' || call.options.isStanding === true) continue;
    if (newest !== null && newest.options.ownerId !== call.options.ownerId) return null;
    newest = call;
  }
  return newest;
}

/** Source of the id of the `subscriptions/listen` that a notification answers to (MCP 2026-07-28). */
function subscriptionOf({ params }: RequestFrame | NotificationFrame): string | null {
  const meta = params?.['_meta'];
  const id = isObject(meta) ? meta[META.subscriptionId] : undefined;
  return id === undefined ? null : JSON.stringify(id);
}
