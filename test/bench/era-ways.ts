import { startGateway } from '../support/gateway-process.ts';
import { benchScript, httpCaller, modernHttpCaller, startBenchProcess, type Caller } from './callers.ts';
import { untilRecorded, type Way, type Ways } from './ways.ts';

export type Era = 'legacy' | 'modern';

/** A way through Throughline from a client of one era to a server of one era. */
export interface EraWay extends Way {
  readonly client: Era;
  readonly server: Era;
}

const ERAS: readonly Era[] = ['legacy', 'modern'];
const UPSTREAMS = ['http', 'stdio'] as const;

/** Opens a way from each era to each, over each upstream, through one gateway: what else that does hits all of them. */
export async function openEraWays(connections: number): Promise<Ways<EraWay>> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const mcpServers: Record<string, unknown> = {};
    for (const era of ERAS) {
      const echo = await startBenchProcess('echo-http-server.ts', [era]);
      stops.push(() => echo.stop());
      mcpServers[`http-${era}`] = { type: 'http', url: echo.url };
      mcpServers[`stdio-${era}`] = { command: process.execPath, args: [benchScript('echo-stdio-server.ts'), era] };
    }
    const gateway = await startGateway({ program: 'built', config: { mcpServers } });
    stops.push(() => gateway.stop());
    const open = async (client: Era, server: Era, upstream: Way['upstream']): Promise<EraWay> => {
      const url = `${gateway.origin}/servers/${upstream}-${server}/mcp`;
      const openCaller: (...to: Parameters<typeof modernHttpCaller>) => Caller | Promise<Caller> =
        client === 'legacy' ? httpCaller : modernHttpCaller;
      const caller = await openCaller(url, connections, gateway.token);
      stops.push(() => caller.close());
      return {
        name: `${client} client, ${server} server`,
        client,
        server,
        upstream,
        kind: 'ours',
        pid: gateway.ready.pid,
        call: () => caller.call(),
        settle: () => untilRecorded(caller, gateway),
      };
    };
    const all: EraWay[] = [];
    for (const upstream of UPSTREAMS)
      for (const server of ERAS) for (const client of ERAS) all.push(await open(client, server, upstream));
    return { all, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
