import { eventually } from '../../support/eventually.ts';
import { footprintOf, growthOf, residentMegabytes, type Footprint } from '../../support/footprint.ts';
import { startGateway, type GatewayProcess, type TraceLine } from '../../support/gateway-process.ts';
import { answerText, openRawSession, type RawSession } from '../../support/raw-session.ts';

/** This machine may be doing a lot at once; the bound only ends a test that fails. */
export const PATIENCE_MS = 30_000;

export interface StageSession extends RawSession, AsyncDisposable {
  readonly path: string;
}

export interface StageOptions {
  readonly servers: Readonly<Record<string, unknown>>;
  /** More of the config's `gateway`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly program?: 'source' | 'built';
}

/** A gateway process and a memory of what it held when nothing had happened yet. */
export interface FaultStage extends AsyncDisposable {
  readonly gateway: GatewayProcess;
  readonly pid: number;
  readonly before: Footprint;
  readonly megabytesBefore: number;
  /** Any address of the gateway, over a connection of its own that ends with the answer. */
  rest(path: string, init?: RequestInit): Promise<Response>;
  open(path: string): Promise<StageSession>;
  megabytes(): number;
  pendingTraces(): Promise<readonly TraceLine[]>;
  /** Waits until what it holds does not change any more. */
  settled(): Promise<void>;
  /** Waits until the gateway holds no more than in the beginning and records nothing any more. */
  nothingLeft(): Promise<void>;
}

/** Every server must answer the tool `echo`. Each is called once, so that what is made once has been made. */
export async function startStage({ servers, settings = {}, program = 'source' }: StageOptions): Promise<FaultStage> {
  const config = { mcpServers: servers, gateway: { healthCheckMs: 0, ...settings } };
  const gateway = await startGateway({ config, program });
  const { pid } = gateway.ready;

  const rest: FaultStage['rest'] = (path, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('connection', 'close');
    return gateway.rest(path, { ...init, headers });
  };

  async function open(path: string): Promise<StageSession> {
    const session = await openRawSession({ rest }, path);
    const close = async (): Promise<void> => {
      const headers = { 'mcp-session-id': session.sessionId ?? '' };
      await (await rest(path, { method: 'DELETE', headers })).text();
    };
    return { ...session, path, [Symbol.asyncDispose]: close };
  }

  async function pendingTraces(): Promise<readonly TraceLine[]> {
    const response = await rest('/api/traces?q=status:pending&limit=1000');
    return (await response.json()) as readonly TraceLine[];
  }

  for (const server of Object.keys(servers)) {
    await using session = await open(`/servers/${server}/mcp`);
    answerText(await session.callTool('echo', { text: 'warm' }));
  }
  await pendingTraces();
  const before = await settledFootprint(pid);
  const megabytesBefore = residentMegabytes(pid);

  return {
    gateway,
    pid,
    before,
    megabytesBefore,
    rest,
    open,
    megabytes: () => residentMegabytes(pid),
    pendingTraces,
    async settled() {
      await settledFootprint(pid);
    },
    async nothingLeft() {
      let growth = growthOf(before, footprintOf(pid));
      const isGone = (): boolean => {
        growth = growthOf(before, footprintOf(pid));
        return Object.keys(growth).length === 0;
      };
      await eventually('it holds no more than before', isGone, PATIENCE_MS).catch((error: unknown) => {
        throw new Error(`It still holds ${JSON.stringify(growth)} more than before.`, { cause: error });
      });
      await eventually('no trace is open', async () => (await pendingTraces()).length === 0, PATIENCE_MS);
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
    },
  };
}

/** What a process holds once it has let go of what its last caller left. */
async function settledFootprint(pid: number): Promise<Footprint> {
  let last = JSON.stringify(footprintOf(pid));
  let isSame = 0;
  await eventually(
    'it has settled',
    () => {
      const now = JSON.stringify(footprintOf(pid));
      isSame = now === last ? isSame + 1 : 0;
      last = now;
      return isSame >= 10;
    },
    PATIENCE_MS,
  );
  return JSON.parse(last) as Footprint;
}
