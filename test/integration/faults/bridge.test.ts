import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { footprintOf } from '../../support/footprint.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { descendantsOf, isAlive } from '../../support/processes.ts';
import { FAULT_STDIO } from '../../support/puppeteer.ts';
import { startBridge, toolCall, type BridgeProcess } from '../bridge/bridge-process.ts';

const CALLS = 20;
const RESTARTS = 3;

let home: string;
let gateway: GatewayProcess;
let bridges: readonly BridgeProcess[];

const start = (): Promise<GatewayProcess> =>
  startGateway({ home, config: { mcpServers: { local: FAULT_STDIO, other: FAULT_STDIO } } });

beforeEach(async () => {
  home = temporaryFolder();
  gateway = await start();
  bridges = ['local', 'other'].map((server) => startBridge(['--server', server, '--no-start'], { home }));
  await Promise.all(bridges.map((bridge) => bridge.initialize()));
}, 120_000);

afterEach(async () => {
  for (const bridge of bridges) bridge.child.stdin.end();
  for (const bridge of bridges) expect(await bridge.exited).toEqual({ code: 0, signal: null });
  await gateway.stop();
}, 120_000);

const ENDINGS = {
  'is killed': async () => {
    const children = descendantsOf(gateway.ready.pid);
    process.kill(gateway.ready.pid, 'SIGKILL');
    await gateway.stop();
    await eventually('its servers have noticed', () => !children.some(isAlive));
  },
  'is told to stop': async () => {
    await gateway.stop();
  },
};

async function isUnderWay(calls: number): Promise<boolean> {
  const response = await gateway.rest('/api/traces?q=status:pending&limit=1000');
  const traces = (await response.json()) as readonly { readonly openSpanCount: number }[];
  return traces.filter(({ openSpanCount }) => openSpanCount === 4).length >= calls;
}

describe.each(Object.keys(ENDINGS) as (keyof typeof ENDINGS)[])('bridges whose gateway %s', (ending) => {
  it(`answer each of their calls once, ${RESTARTS} times in a row, and hold no more afterwards`, async () => {
    for (const bridge of bridges) {
      bridge.send(toolCall('warm', 'echo', { text: 'warm' }));
      await bridge.answerTo('warm');
    }
    const [before] = bridges.map(({ child }) => footprintOf(child.pid ?? 0).sockets);
    for (let round = 0; round < RESTARTS; round += 1) {
      const idOf = (call: number): string => `${round}-${call}`;
      for (const bridge of bridges)
        for (let call = 0; call < CALLS; call += 1) bridge.send(toolCall(idOf(call), 'never'));
      await eventually('every call is with its server', () => isUnderWay(bridges.length * CALLS), 60_000);
      await ENDINGS[ending]();
      gateway = await start();
      for (const bridge of bridges) {
        for (let call = 0; call < CALLS; call += 1) {
          const { error } = await bridge.answerTo(idOf(call));
          expect(error?.message).toMatch(/^[^\n]{10,300}\.$/);
        }
        bridge.send(toolCall(`after ${round}`, 'echo', { text: 'after' }));
        expect((await bridge.answerTo(`after ${round}`)).result).toMatchObject({ content: [{ text: 'after' }] });
      }
    }
    for (const bridge of bridges) {
      const ids = bridge.messages().flatMap(({ id, method }) => (method === undefined ? [id] : []));
      expect(ids).toHaveLength(new Set(ids).size);
    }
    // A few connections may be kept for the next calls, but none for the lost ones.
    await eventually('the bridge holds no more than before', () => {
      return footprintOf(bridges[0]?.child.pid ?? 0).sockets < (before ?? 0) + CALLS / 2;
    });
  }, 180_000);
});
