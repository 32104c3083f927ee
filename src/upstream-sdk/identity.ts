import { fieldsOf, textOf } from './messages.ts';

/** Who a process is, where its environment does not say it. */
export interface Identity {
  /** Null: OpenTelemetry's own `unknown_service:node`. */
  readonly serviceName: string | null;
  readonly serviceVersion: string | null;
}

/** Both SDKs keep what a server calls itself in `_serverInfo`; a server without it stays nameless. */
export function identityOf(server: object, serviceName: string | null): Identity {
  const own = fieldsOf(Reflect.get(connectable(server), '_serverInfo'));
  return { serviceName: serviceName ?? textOf(own['name']), serviceVersion: textOf(own['version']) };
}

/** `McpServer` hands its transport to the `Server` in it, which an SDK's entry may also connect itself. */
export function connectable(server: object): object {
  const inner: unknown = Reflect.get(server, 'server');
  return typeof fieldsOf(inner)['connect'] === 'function' ? fieldsOf(inner) : server;
}
