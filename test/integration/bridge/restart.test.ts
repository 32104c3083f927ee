import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { descendantsOf, isAlive } from '../../support/processes.ts';
import { startBridge, toolCall, type BridgeProcess } from './bridge-process.ts';

let home: string;
let recordFile: string;
let gateway: GatewayProcess;
let bridge: BridgeProcess;

beforeEach(async () => {
  home = temporaryFolder();
  recordFile = join(home, 'record');
  gateway = await start();
  bridge = startBridge(['--server', 'local', '--no-start'], { home });
  await bridge.initialize();
}, 120_000);

afterEach(async () => {
  bridge.child.stdin.end();
  expect(await bridge.exited).toEqual({ code: 0, signal: null });
  await gateway.stop();
}, 120_000);

const start = (args: readonly string[] = []): Promise<GatewayProcess> =>
  startGateway({ home, args, config: { mcpServers: { local: workbenchStdio(recordFile) } } });

/** As a crash: without a word to anybody. */
async function killGateway(): Promise<void> {
  const children = descendantsOf(gateway.ready.pid);
  process.kill(gateway.ready.pid, 'SIGKILL');
  await gateway.stop();
  await eventually('its servers have noticed', () => !children.some(isAlive));
}

/** How often the server got a call with this text in it. */
const timesReceived = (text: string): number => readFileSync(recordFile, 'utf8').split(`"${text}"`).length - 1;

describe('a gateway that is killed under a bridge', () => {
  it('ends the calls under way with an error, and takes the later ones once it is there again, with another port and token', async () => {
    bridge.send(toolCall('lost', 'never', { text: 'the lost one' }));
    await eventually('it is under way', () => timesReceived('the lost one') === 1);
    await killGateway();
    bridge.send(toolCall(1, 'echo_text', { text: 'first after' }), toolCall(2, 'echo_text', { text: 'second after' }));
    expect((await bridge.answerTo('lost')).error).toMatchObject({
      code: -32_000,
      message: expect.stringMatching(/restarted/),
    });
    gateway = await start();
    expect((await bridge.answerTo(1)).result).toMatchObject({ content: [{ text: 'first after' }] });
    expect((await bridge.answerTo(2)).result).toMatchObject({ content: [{ text: 'second after' }] });
    for (const text of ['the lost one', 'first after', 'second after']) expect(timesReceived(text)).toBe(1);
    expect(bridge.messages().filter(({ id }) => id === 'initialize')).toHaveLength(1);
    expect(bridge.stderr()).toMatch(/^throughline: The connection to the gateway is lost/);
  }, 120_000);

  it('is gone on with at the same port too, where the old session is not known', async () => {
    const { port } = new URL(gateway.origin);
    await killGateway();
    gateway = await start(['--port', port, '--token', gateway.token]);
    bridge.send(toolCall(1, 'echo_text', { text: 'same port' }));
    expect((await bridge.answerTo(1)).result).toMatchObject({ content: [{ text: 'same port' }] });
    expect(timesReceived('same port')).toBe(1);
  }, 120_000);

  it.each([
    ['with another port and token', (): readonly string[] => []],
    ['at the same port with another token', (): readonly string[] => ['--port', new URL(gateway.origin).port]],
  ])(
    'just takes the next call of a client of the stateless era when it is there again (%s)',
    async (_, argsOf) => {
      const stateless = startBridge(['--server', 'local', '--no-start'], { home });
      const echo = (id: string): Readonly<Record<string, unknown>> => ({
        jsonrpc: '2.0',
        id,
        method: 'tools/call',
        params: {
          name: 'echo_text',
          arguments: { text: id },
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      });
      stateless.send(echo('before'));
      expect((await stateless.answerTo('before')).result).toMatchObject({ content: [{ text: 'before' }] });
      const args = argsOf();
      await killGateway();
      gateway = await start(args);
      stateless.send(echo('after'));
      expect((await stateless.answerTo('after')).result).toMatchObject({ content: [{ text: 'after' }] });
      expect(stateless.messages().map(({ id }) => id)).toEqual(['before', 'after']);
      stateless.child.stdin.end();
      expect(await stateless.exited).toEqual({ code: 0, signal: null });
    },
    120_000,
  );
});
