import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  trace,
  type Context,
  type Link,
  type SpanContext,
} from '@opentelemetry/api';
import type { HttpDelivery } from './delivery.ts';
import { fieldsOf, type Fields } from './messages.ts';

/** Where a message's span stands. */
export interface Placement {
  readonly parent: Context;
  readonly links: readonly Link[];
}

/** More than the propagators of OpenTelemetry read. */
const MAX_CONTEXT_CHARACTERS = 8_192;

/**
 * The parent is what `params._meta` carries (SEP-414). What it came with over HTTP, which is the span that is active there
 * (an instrumented HTTP server's) or else the headers' context, is linked when it is another, and is the parent when
 * `_meta` has none. Over a pipe nothing but `_meta` counts: what is active there is whatever started the server.
 */
export function placeMessage(params: Fields, http: HttpDelivery | null): Placement {
  const around = http === null ? ROOT_CONTEXT : aroundHttp(http);
  const ambient = remoteOrActive(around);
  const parent = withMeta(around, fieldsOf(params['_meta']));
  const chosen = remoteOrActive(parent);
  const isOther = ambient !== null && ambient.spanId !== chosen?.spanId;
  return { parent, links: isOther ? [{ context: ambient }] : [] };
}

function aroundHttp(http: HttpDelivery): Context {
  const active = context.active();
  return remoteOrActive(active) === null ? extract(active, (name) => http.header(name)) : active;
}

function withMeta(around: Context, meta: Fields): Context {
  return extract(around, (name) => meta[name]);
}

function extract(base: Context, read: (name: string) => unknown): Context {
  const carrier: Record<string, string> = {};
  for (const name of propagation.fields()) {
    const value = read(name);
    if (typeof value === 'string' && value.length <= MAX_CONTEXT_CHARACTERS) carrier[name] = value;
  }
  return propagation.extract(base, carrier);
}

function remoteOrActive(of: Context): SpanContext | null {
  const found = trace.getSpanContext(of);
  return found !== undefined && isSpanContextValid(found) ? found : null;
}
