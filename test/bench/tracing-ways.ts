import { everythingStdio, type StdioEntry } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { benchScript, httpCaller, startBenchProcess } from './callers.ts';
import { untilRecorded, type Way, type Ways } from './ways.ts';

/** A way through Throughline that records, or one that does not. */
export interface TracingWay extends Way {
  readonly records: boolean;
  /**
   * A server that answers at once, as little as an MCP server can be (`least`) or a program of the official SDK
   * (`instant`), or one whose tool takes the 20 ms that an answer over the network or from a disk takes (`usual`).
   */
  readonly server: 'usual' | 'instant' | 'least';
}

interface Upstream {
  readonly id: string;
  readonly upstream: Way['upstream'];
  readonly server: TracingWay['server'];
  /** What its tool `echo` calls the text. */
  readonly argument: string;
}

const UPSTREAMS: readonly Upstream[] = [
  { id: 'usual', upstream: 'stdio', server: 'usual', argument: 'text' },
  { id: 'instant', upstream: 'stdio', server: 'instant', argument: 'message' },
  { id: 'least-stdio', upstream: 'stdio', server: 'least', argument: 'text' },
  { id: 'least-http', upstream: 'http', server: 'least', argument: 'text' },
];

const USUAL_MILLIS = 20;

const NAMES: Readonly<Record<TracingWay['server'], string>> = {
  usual: `tool that takes ${USUAL_MILLIS} ms`,
  instant: 'server-everything',
  least: 'least server',
};

function echoStdio(args: readonly string[]): StdioEntry {
  return { command: process.execPath, args: [benchScript('echo-stdio-server.ts'), ...args] };
}

/** Opens each server through a gateway that records and through one that does not. */
export async function openTracingWays(connections: number): Promise<Ways<TracingWay>> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const echo = await startBenchProcess('echo-http-server.ts');
    stops.push(() => echo.stop());
    const mcpServers = {
      usual: echoStdio(['legacy', String(USUAL_MILLIS)]),
      instant: everythingStdio(),
      'least-stdio': echoStdio([]),
      'least-http': { type: 'http', url: echo.url },
    };
    const all: TracingWay[] = [];
    for (const records of [false, true]) {
      const config = { mcpServers, gateway: { tracing: records } };
      const gateway = await startGateway({ program: 'built', config });
      stops.push(() => gateway.stop());
      for (const upstream of UPSTREAMS) {
        const { way, close } = await openWay(gateway, upstream, records, connections);
        stops.push(close);
        all.push(way);
      }
    }
    return { all, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openWay(
  gateway: GatewayProcess,
  { id, upstream, server, argument }: Upstream,
  records: boolean,
  connections: number,
): Promise<{ readonly way: TracingWay; close(): Promise<void> }> {
  const caller = await httpCaller(`${gateway.origin}/servers/${id}/mcp`, connections, gateway.token, argument);
  const way: TracingWay = {
    name: `${NAMES[server]}, tracing ${records ? 'on' : 'off'}`,
    upstream,
    server,
    records,
    kind: 'ours',
    pid: gateway.ready.pid,
    call: () => caller.call(),
    settle: () => (records ? untilRecorded(caller, gateway) : Promise.resolve()),
  };
  return { way, close: () => caller.close() };
}
