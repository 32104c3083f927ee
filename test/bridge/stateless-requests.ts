import { eventually } from '../support/eventually.ts';
import { answerOf } from './bridge-bench.ts';
import { readLoosely, sendJson, type Received, type ScriptedGatewayOptions } from './scripted-gateway.ts';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
export const LISTEN = 'subscriptions/listen';

export function modern(id: unknown, method: string, params: object = {}): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: META } });
}

export const modernCall = (id: unknown, name = 'echo'): string => modern(id, 'tools/call', { name });
export const cancelling = (id: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });

type OnPost = NonNullable<ScriptedGatewayOptions['onPost']>;

/** Answers every request of the stateless era, as none of the older era is. */
export const answerModern: OnPost = ({ text, response }) => {
  if (!text.includes('"io.modelcontextprotocol/protocolVersion"')) return false;
  sendJson(response, answerOf(text));
  return true;
};

/** Keeps the requests of one method without an answer. */
export function hold(held: Received[], heldMethod: string): OnPost {
  return (received, gateway) => {
    if (readLoosely(received.text).method !== heldMethod) return answerModern(received, gateway);
    held.push(received);
    return true;
  };
}

export const allOf = async (held: readonly Received[], count: number): Promise<readonly Received[]> =>
  await eventually('they are there', () => held.length >= count && held);
