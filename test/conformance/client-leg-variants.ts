import { startGateway } from '../support/gateway-process.ts';
import { noOpPlugin, startInProcessGateway, tracingObserver } from '../support/in-process-gateway.ts';
import { silentObserver } from '../support/silent-observer.ts';

/** A gateway in front of the suite's server at `url`, which it calls `fixture`. */
export async function startVariant(variant: string, url: string) {
  if (variant === 'product') return startGateway({ config: { mcpServers: { fixture: { url } } } });
  const fixture = { type: 'http', url, headers: {} } as const;
  return startInProcessGateway(
    variant === 'no-op-plugin'
      ? { servers: { fixture }, observer: tracingObserver(), interceptor: noOpPlugin() }
      : { servers: { fixture }, observer: silentObserver() },
  );
}
