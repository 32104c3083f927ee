import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Contract } from '../../src/shared/contract/contract.ts';

export interface TestPage {
  readonly client: ContractRouterClient<Contract>;
  readonly socket: WebSocket;
  close(): void;
}

/** Exchanges the one-time code of a page's address for its token, as the page does. */
export async function pageTokenOf(ui: string): Promise<string> {
  const { origin, hash } = new URL(ui);
  const response = await fetch(`${origin}/api/page-token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ code: hash.replace('#code=', '') }),
  });
  if (!response.ok) throw new Error(`No page token: ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

/** A socket to the page's door whose first message has not been sent. */
export async function connectPage(origin: string, headers: Record<string, string> = { Origin: origin }) {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/ws`, { headers });
  await once(socket, 'open');
  return socket;
}

/** A page that has shown its token and speaks the contract. */
export async function openPage(origin: string, token: string): Promise<TestPage> {
  const socket = await connectPage(origin);
  socket.send(JSON.stringify({ token }));
  const [ready] = (await once(socket, 'message')) as [Buffer];
  if (ready.toString() !== '{"ready":true}') throw new Error(`Not ready: ${ready.toString()}`);
  socket.binaryType = 'arraybuffer';
  // The two WebSocket types describe the same object; only the browser's is known to the link.
  const link = new RPCLink({ websocket: socket as never });
  return { client: createORPCClient(link), socket, close: () => socket.terminate() };
}
