import type { ConnectionSpans } from './connection-spans.ts';
import { connectable } from './identity.ts';
import { textOf } from './messages.ts';
import type { ProcessTracing } from './process-tracing.ts';
import type { Tracing } from './tracing.ts';

type Method = (...values: readonly unknown[]) => unknown;

/** What has been wrapped, so that nothing is wrapped twice. */
const wrapped = new WeakSet();

/** Watches every transport that the server is connected to from now on. */
export function traceConnections(server: object, tracing: ProcessTracing): void {
  wrap(connectable(server), 'connect', (connect, [transport, ...more]) => {
    const proceed = (loaded: Tracing | null): unknown => {
      if (loaded !== null && typeof transport === 'object' && transport !== null)
        traceTransport(transport, loaded.connection());
      return connect(transport, ...more);
    };
    // Once it is loaded, connecting takes no longer than without it: some of the SDK's callers rely on its first steps.
    return tracing.current === undefined ? tracing.ready.then(proceed) : proceed(tracing.current);
  });
}

/**
 * A server sets a transport's callbacks and then starts it, so `start` is the moment to put ours in front of them, before
 * any message can come.
 */
function traceTransport(transport: object, spans: ConnectionSpans): void {
  wrap(transport, 'start', (start, values) => {
    watchCallbacks(transport, spans);
    return start(...values);
  });
  wrap(transport, 'send', (send, values) => {
    spans.sent(values[0]);
    return send(...values);
  });
}

function watchCallbacks(transport: object, spans: ConnectionSpans): void {
  const deliver: unknown = Reflect.get(transport, 'onmessage');
  const close: unknown = Reflect.get(transport, 'onclose');
  if (!isMethod(deliver)) return;
  Reflect.set(transport, 'onmessage', (...values: readonly unknown[]) => {
    const sessionId = textOf(Reflect.get(transport, 'sessionId'));
    spans.received(values[0], { extra: values[1], sessionId }, () => void deliver(...values));
  });
  Reflect.set(transport, 'onclose', () => {
    spans.closed();
    if (isMethod(close)) close();
  });
}

/** Puts `around` in the place of an object's method. An object that cannot be changed stays as it is, untraced. */
function wrap(target: object, name: string, around: (method: Method, values: readonly unknown[]) => unknown): void {
  const method: unknown = Reflect.get(target, name);
  if (!isMethod(method) || wrapped.has(method)) return;
  const bound: Method = (...values) => Reflect.apply(method, target, values);
  const value: Method = (...values) => around(bound, values);
  wrapped.add(value);
  Reflect.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}

function isMethod(value: unknown): value is Method {
  return typeof value === 'function';
}
