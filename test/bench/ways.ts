import { eventually } from '../support/eventually.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { readOtlp } from '../support/otlp.ts';
import { newCallerContext } from '../support/trace-context.ts';
import { benchScript, httpCaller, startBenchProcess, stdioCaller, type Caller } from './callers.ts';
import { startPeer, type Peer } from './peers.ts';

/** `ours`: Throughline. `peer`: another MCP program. `bare`: a pass-through that reads nothing. `none`: no middle. */
export type WayKind = 'ours' | 'peer' | 'bare' | 'none';

/** One way from a client to the echo tool. */
export interface Way {
  readonly name: string;
  readonly upstream: 'stdio' | 'http';
  readonly kind: WayKind;
  /** The process in the middle; null when there is none. */
  readonly pid: number | null;
  call(): Promise<void>;
  /** Resolves when everything that was called so far has been recorded; does nothing where nothing is. */
  settle(): Promise<void>;
}

export interface Ways<W extends Way = Way> {
  readonly all: readonly W[];
  stop(): Promise<void>;
}

const SPANS_PER_CALL = 5;

/** Opens every way, each with room for `connections` calls at once. Everything runs on loopback. */
export async function openWays(peers: readonly Peer[], connections: number): Promise<Ways> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  const keep = <T extends { stop(): Promise<unknown> }>(running: T): T => {
    stops.push(async () => {
      await running.stop();
    });
    return running;
  };
  const opened = async (caller: Promise<Caller>): Promise<Caller> => {
    const open = await caller;
    stops.push(() => open.close());
    return open;
  };
  try {
    const echo = keep(await startBenchProcess('echo-http-server.ts'));
    const proxy = keep(await startBenchProcess('pass-through-proxy.ts', [echo.url]));
    const stdioScript = benchScript('echo-stdio-server.ts');
    const gateway = keep(
      await startGateway({
        program: 'built',
        config: {
          mcpServers: {
            http: { type: 'http', url: echo.url },
            stdio: { command: process.execPath, args: [stdioScript] },
          },
        },
      }),
    );
    const ours = async (upstream: 'stdio' | 'http'): Promise<Way> => {
      const url = `${gateway.origin}/servers/${upstream}/mcp`;
      const caller = await opened(httpCaller(url, connections, gateway.token));
      return {
        name: 'throughline',
        upstream,
        kind: 'ours',
        pid: gateway.ready.pid,
        call: () => caller.call(),
        settle: () => untilRecorded(caller, gateway),
      };
    };
    const plain = (
      name: string,
      upstream: Way['upstream'],
      kind: WayKind,
      pid: number | null,
      caller: Caller,
    ): Way => ({
      name,
      upstream,
      kind,
      pid,
      call: () => caller.call(),
      settle: () => Promise.resolve(),
    });
    const all: Way[] = [
      plain('direct', 'stdio', 'none', null, await opened(stdioCaller(stdioScript))),
      await ours('stdio'),
    ];
    for (const peer of peers) {
      const running = keep(await startPeer(peer));
      const caller = await opened(peer.open(running.port, connections));
      all.push({
        ...plain(peer.name, 'stdio', 'peer', running.pid, caller),
        call: () => caller.call(undefined, peer.tool),
      });
    }
    all.push(
      plain('direct', 'http', 'none', null, await opened(httpCaller(echo.url, connections, null))),
      plain('bare pass-through', 'http', 'bare', proxy.pid, await opened(httpCaller(proxy.url, connections, null))),
      await ours('http'),
    );
    return { all, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Recorded is what came before a call whose trace is whole: the store takes everything in order. */
export async function untilRecorded(caller: Caller, gateway: GatewayProcess): Promise<void> {
  const { traceId, traceparent } = newCallerContext();
  await caller.call(traceparent);
  await eventually('the last call is recorded whole', async () => {
    const response = await gateway.rest(`/api/traces/${traceId}`);
    return response.ok && readOtlp(await response.json()).length === SPANS_PER_CALL;
  });
}
