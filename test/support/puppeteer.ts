import { createServer, type AddressInfo, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';
import type { StdioEntry } from './fixture-servers.ts';
import { onLines } from './on-lines.ts';

/** A call of the tool `puppet` of `fault-stdio.ts`, to be answered byte by byte. */
export interface PuppetCall {
  /** The request's id at the server. */
  readonly id: string | number;
  readonly pid: number;
  /** Has the server write these bytes to its stdout; resolves when the pipe has taken them. */
  write(bytes: string | Buffer): Promise<void>;
  /** Ends the server. */
  exit(code: number): void;
}

export interface Puppeteer extends AsyncDisposable {
  readonly entry: StdioEntry;
  /** The next call, once it has come. */
  nextCall(): Promise<PuppetCall>;
}

const SCRIPT = fileURLToPath(new URL('../fixtures/servers/faults/fault-stdio.ts', import.meta.url));

/** The fault server without strings. */
export const FAULT_STDIO: StdioEntry = { command: process.execPath, args: [SCRIPT] };

/** Holds the strings of every fault server that is started with its `entry`. */
export async function startPuppeteer(): Promise<Puppeteer> {
  const calls: PuppetCall[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    const writes: (() => void)[] = [];
    onLines(socket, (line) => {
      const said = JSON.parse(line) as 'written' | Pick<PuppetCall, 'id' | 'pid'>;
      if (said === 'written') writes.shift()?.();
      else calls.push(puppetCall(said, socket, writes));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    entry: { ...FAULT_STDIO, args: [SCRIPT, String(port)] },
    nextCall: () => eventually('the server was called', () => calls.shift() ?? null),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function puppetCall({ id, pid }: Pick<PuppetCall, 'id' | 'pid'>, socket: Socket, writes: (() => void)[]): PuppetCall {
  return {
    id,
    pid,
    write: (bytes) =>
      new Promise((resolve) => {
        writes.push(resolve);
        socket.write(`${JSON.stringify({ write: Buffer.from(bytes).toString('base64') })}\n`);
      }),
    exit(code) {
      socket.write(`${JSON.stringify({ exit: code })}\n`);
    },
  };
}
