import { traceConnections } from './connections.ts';
import { identityOf } from './identity.ts';
import { startProcessTracing, stopProcessTracing } from './process-tracing.ts';
import { isRegistered, isTracingWanted } from './switch.ts';

/**
 * A server of the official SDK: `McpServer` or `Server`, of v1 (`@modelcontextprotocol/sdk`) or v2
 * (`@modelcontextprotocol/server`). Anything else will do whose `connect` sets a transport's `onmessage` and then calls
 * its `start`.
 */
export interface JoinableServer {
  connect(transport: never): Promise<unknown>;
}

export interface JoinOptions {
  /**
   * The `service.name` of this process, when neither `OTEL_SERVICE_NAME` nor `OTEL_RESOURCE_ATTRIBUTES` says one. The
   * server's own name unless given. What the first server of a process says holds for all of them.
   */
  readonly serviceName?: string;
  /** `false` leaves the server as it is and loads nothing. `true`, which is the default, leaves it to the environment. */
  readonly enabled?: boolean;
}

/**
 * Makes each request and notification that this server receives a span in the trace of whoever sent it, sends the spans
 * over OTLP, and makes the span the active one while the handler runs, so that spans made there with
 * `@opentelemetry/api` nest below it. Call it before `connect`; calling it again for the same server does nothing.
 *
 * Without an address to send to (`OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`) and without an
 * OpenTelemetry SDK in the process, with `OTEL_SDK_DISABLED=true`, or with `enabled: false`, it does nothing and loads no
 * OpenTelemetry. A process that has an SDK keeps it: spans are made with it.
 *
 * No message is changed, no argument, result or error text is recorded, and whatever goes wrong with tracing leaves the
 * server's answers as they are.
 *
 * @returns the same server
 */
export function joinTrace<S extends JoinableServer>(server: S, { serviceName, enabled = true }: JoinOptions = {}): S {
  if (!enabled || !isTracingWanted(process.env, isRegistered('trace'))) return server;
  traceConnections(server, startProcessTracing(identityOf(server, serviceName ?? null)));
  return server;
}

/**
 * Sends what waits, for two seconds at most, and ends the tracing of this process. For programs that go on without their
 * server: at the end of a process what waits is sent anyway.
 */
export async function leaveTrace(): Promise<void> {
  await stopProcessTracing();
}
