import type { ConnectionSpans } from './connection-spans.ts';
import { createGate } from './gate.ts';
import { connectable } from './identity.ts';
import { textOf } from './messages.ts';
import type { ProcessTracing } from './process-tracing.ts';

type Method = (...values: readonly unknown[]) => unknown;

/** What has been wrapped, so that nothing is wrapped twice. */
const wrapped = new WeakSet();

/**
 * Watches every transport that the server is connected to from now on. `connect` does at once what it always did, as some
 * do not wait for it, and for those who do it lasts until OpenTelemetry is there.
 */
export function traceConnections(server: object, tracing: ProcessTracing): void {
  wrap(connectable(server), 'connect', (connect, values) => {
    const [transport] = values;
    if (typeof transport === 'object' && transport !== null) watchTransport(transport, tracing);
    const connected = connect(...values);
    if (tracing.current !== undefined) return connected;
    return Promise.all([connected, tracing.ready]).then(([result]) => result);
  });
}

/**
 * A server sets a transport's callbacks and then starts it, so `start` is the moment to put ours in front of them, before
 * any message can come.
 */
function watchTransport(transport: object, tracing: ProcessTracing): void {
  let connection: ConnectionSpans | null = null;
  const spans = (): ConnectionSpans | null => (connection ??= tracing.current?.connection() ?? null);
  wrap(transport, 'start', (start, values) => {
    watchCallbacks(transport, tracing, spans);
    return start(...values);
  });
  wrap(transport, 'send', (send, values) => {
    spans()?.sent(values[0]);
    return send(...values);
  });
}

function watchCallbacks(transport: object, tracing: ProcessTracing, spans: () => ConnectionSpans | null): void {
  const deliver: unknown = Reflect.get(transport, 'onmessage');
  const close: unknown = Reflect.get(transport, 'onclose');
  if (!isMethod(deliver)) return;
  const gate = createGate(tracing, (error) => {
    const report: unknown = Reflect.get(transport, 'onerror');
    if (isMethod(report)) report(error);
  });
  Reflect.set(transport, 'onmessage', (...values: readonly unknown[]) => {
    gate(() => {
      const current = spans();
      const sessionId = textOf(Reflect.get(transport, 'sessionId'));
      if (current === null) deliver(...values);
      else current.received(values[0], { extra: values[1], sessionId }, () => void deliver(...values));
    });
  });
  Reflect.set(transport, 'onclose', () => {
    spans()?.closed();
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
