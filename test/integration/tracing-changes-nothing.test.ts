import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/gateway/clock.ts';
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts';
import { emptyChain } from '../../src/gateway/interceptor.ts';
import type { Observer, OperationObservation, UpstreamCallObservation } from '../../src/gateway/observer.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import { createTracerHost } from '../../src/telemetry/tracer.ts';
import { createTracingObserver } from '../../src/telemetry/tracing-observer.ts';
import { temporaryFolder } from '../support/cli-process.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { openRawSession } from '../support/raw-session.ts';
import { wireMessages } from '../support/wire-record.ts';

const ID = 'local' as ServerId;
const nothing = (): undefined => undefined;

/** Hears everything and records nothing: tracing that is off. */
function silentObserver(): Observer {
  const traceContext = { traceparent: '', tracestate: null };
  const message = { traceContext, sent: nothing, received: nothing, printed: nothing, end: nothing };
  const call: UpstreamCallObservation = { ...message, sessionReused: nothing, initialize: () => message };
  const operation: OperationObservation = { routed: nothing, upstreamCall: () => call, end: nothing };
  return {
    exchange: () => ({ correlationId: 'none', operation: () => operation, end: nothing }),
    upkeep: () => operation,
    stream: () => ({ correlationId: 'none', closed: nothing }),
  };
}

function tracingObserver(): Observer {
  const processor = {
    onStart: nothing,
    onEnd: nothing,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const { tracer } = createTracerHost({ serviceName: 'test', serviceVersion: '1', processor });
  return createTracingObserver({ tracer, recorder: { payload: nothing }, clock: createClock() });
}

async function listen({ door }: Gateway): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer((request, response) => {
    door.handle(request, response, new URL(request.url ?? '/', 'http://127.0.0.1'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** What a server received, call by call, when three clients used it under this observer. */
async function wireUnder(observer: Observer, sessions: 'dedicated' | 'shared'): Promise<readonly unknown[]> {
  const recordFile = join(temporaryFolder(), 'wire.jsonl');
  const gateway = createGateway({
    clock: createClock(),
    observer,
    sanitize: (text) => text,
    gatewayVersion: '1',
    environment: process.env,
    connectTimeoutMillis: 20_000,
    requestTimeoutMillis: 0,
    sessions,
    idleStopMillis: 0,
    healthCheckMillis: 0,
    interceptor: emptyChain,
    toolNameSeparator: '__',
    maxBodyBytes: 1_000_000,
    maxSessions: 10,
    sessionIdleMillis: 60_000,
    onDefect: (error) => {
      throw error;
    },
  });
  const { args, command } = workbenchStdio(recordFile);
  await gateway.servers.add(ID, { type: 'stdio', command, args, env: {}, cwd: null });
  await gateway.servers.get(ID)?.settled();
  const { server, origin } = await listen(gateway);
  const rest = (path: string, init?: RequestInit): Promise<Response> => fetch(origin + path, init);
  for (const client of ['a', 'b', 'c']) {
    const session = await openRawSession({ rest }, '/servers/local/mcp');
    for (const text of ['1', '2', '3']) await session.callTool('echo_text', { text: client + text });
    await session.request('prompts/get', { name: 'greeting' });
    await session.callTool('fail', { message: 'no' });
  }
  await gateway.stop();
  server.closeAllConnections();
  server.close();
  return wireMessages(recordFile).map(({ method, id, params }) => [method, id, params?.['arguments'] ?? null]);
}

describe.each(['dedicated', 'shared'] as const)('tracing, upstream sessions %s', (sessions) => {
  it('R45: changes neither how many sessions a server has, nor their ids, nor the order of what it is sent', async () => {
    const off = await wireUnder(silentObserver(), sessions);
    const on = await wireUnder(tracingObserver(), sessions);
    expect(on).toEqual(off);
    expect(on.filter((message) => String(message).startsWith('initialize')).length).toBe(sessions === 'shared' ? 1 : 4);
    expect(on.length).toBeGreaterThan(15);
  });
});
