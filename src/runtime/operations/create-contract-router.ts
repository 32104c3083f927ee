import type { ReportFailure } from '../log.ts';
import type { RuntimeServices } from '../services.ts';
import { appOperations } from './app.ts';
import { createImplementers, type ContractRouter } from './context.ts';
import { demoOperations } from './demo.ts';
import { forwardingOperations } from './forwarding.ts';
import { redactionOperations } from './redaction.ts';
import { serverOperations } from './servers.ts';
import { settingsOperations } from './settings.ts';
import { virtualServerOperations } from './virtual-servers.ts';
import { traceOperations } from './traces.ts';

/**
 * The contract, implemented. Each host binds it to its own wire and gives every connection its `ContractContext`: the
 * headless one over a WebSocket, the desktop one over a MessagePort.
 */
export function createContractRouter(services: RuntimeServices, report: ReportFailure): ContractRouter {
  const implementers = createImplementers(report);
  return implementers.everyPage.router({
    app: appOperations(services, implementers),
    traces: traceOperations(services, implementers),
    servers: serverOperations(services, implementers),
    virtualServers: virtualServerOperations(services, implementers),
    redaction: redactionOperations(services, implementers),
    settings: settingsOperations(services, implementers),
    forwarding: forwardingOperations(services, implementers),
    demo: demoOperations(services, implementers),
  });
}
