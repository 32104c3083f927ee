import {
  defaultTextMapGetter,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Context,
  type Link,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { ExchangeStart, TraceContext } from '../gateway/observer.ts';

/** Where a root span stands: under which remote parent, and linked to what. */
export interface RootPlacement {
  readonly context: Context;
  readonly links: readonly Link[];
  /** False when the parent says so. The flags are bits: others may be set beside this one. */
  readonly isCallerSampled: boolean;
}

const UNPLACED: RootPlacement = { context: ROOT_CONTEXT, links: [], isCallerSampled: true };

type Carrier = Readonly<Record<string, unknown>>;

const MAX_HEADER_LENGTH = 512;

const propagator = new W3CTraceContextPropagator();

/**
 * The parent of a root span (R33, R62): the message's `_meta` (SEP-414) before the HTTP header. When both are there and
 * differ, the header's context is linked. Anything malformed counts as absent. A message that goes on with an earlier
 * operation and names no parent belongs to that operation; one that names another is linked to it.
 */
export function placeRoot({ meta, headers, continues = null }: Placement): RootPlacement {
  const fromMeta = meta === null ? null : remoteContextOf(meta);
  const fromHeaders = remoteContextOf(headers);
  const earlier = continues === null ? null : ownContextOf(continues);
  const [parent, ...others] = [fromMeta, fromHeaders, earlier].filter((context) => context !== null);
  if (parent === undefined) return UNPLACED;
  const links = others.filter((context) => !isSame(context, parent)).map((context) => ({ context }));
  const isCallerSampled = (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
  return { context: trace.setSpanContext(ROOT_CONTEXT, parent), links, isCallerSampled };
}

export type Placement = Pick<ExchangeStart, 'meta' | 'headers' | 'continues'>;

/** A link to the context that `_meta` carries, when it carries one. */
export function linksTo(meta: Carrier): Link[] {
  const context = remoteContextOf(meta);
  return context === null ? [] : [{ context }];
}

/**
 * What a message must carry when there is no span to be its parent: the context that its caller sent, in
 * `_meta` or else in a header. It is written anew, so that a malformed one ends here, and keeps the caller's flags.
 */
export function contextPassedOn(...sources: readonly (Carrier | null)[]): TraceContext | null {
  for (const source of sources) {
    const context = source === null ? null : remoteContextOf(source);
    if (context === null) continue;
    const { traceId, spanId, traceFlags, traceState } = context;
    const flags = (traceFlags & KNOWN_FLAGS).toString(16).padStart(2, '0');
    return { traceparent: `00-${traceId}-${spanId}-${flags}`, tracestate: traceState?.serialize() ?? null };
  }
  return null;
}

/** Sampled, and a random trace id: those that version 00 knows (W3C Trace Context level 2). */
const KNOWN_FLAGS = 0x03;

/** What a message must carry so that this span is its parent. Everything is recorded, so the sampled flag is set. */
export function contextToSend(span: Span): TraceContext {
  const { traceId, spanId, traceState } = span.spanContext();
  return { traceparent: `00-${traceId}-${spanId}-01`, tracestate: traceState?.serialize() ?? null };
}

function remoteContextOf(source: Carrier): SpanContext | null {
  if (typeof source['traceparent'] !== 'string') return null;
  const carrier: Record<string, string> = {};
  for (const key of ['traceparent', 'tracestate']) {
    const value = source[key];
    if (typeof value === 'string' && value.length <= MAX_HEADER_LENGTH) carrier[key] = value;
  }
  const extracted = propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
  return trace.getSpanContext(extracted) ?? null;
}

/** Of a span that was made here: what stands below it was called by nobody else. */
function ownContextOf(context: TraceContext): SpanContext | null {
  const read = remoteContextOf({ ...context });
  return read === null ? null : { ...read, isRemote: false };
}

function isSame(a: SpanContext, b: SpanContext): boolean {
  return a.traceId === b.traceId && a.spanId === b.spanId;
}
