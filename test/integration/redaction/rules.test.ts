import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEPT_VALUE, type RedactionPolicy, type UserRule } from '../../../src/shared/domain/redaction.ts';
import type { TraceId } from '../../../src/shared/domain/ids.ts';
import { runCli, temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { openPage, pageTokenOf, type TestPage } from '../../support/page.ts';
import { openRawSession, type RawSession } from '../../support/raw-session.ts';

/** Nothing but a rule of the user's own hides it. */
const NAME = 'plum-kettle-project';
const RULE: UserRule = { id: 'project', match: { type: 'value', value: NAME }, action: 'mask' };

let dataDir: string;
let gateway: GatewayProcess;
let page: TestPage;
let session: RawSession;

async function start(redaction: object = {}, manage = true): Promise<void> {
  dataDir = temporaryFolder();
  const config = { mcpServers: { bench: workbenchStdio() }, redaction };
  gateway = await startGateway({ config, args: ['--data-dir', dataDir, ...(manage ? ['--manage'] : [])] });
  page = await openPage(gateway.origin, await pageTokenOf(gateway.ready.ui));
  session = await openRawSession(gateway, '/mcp');
}

beforeEach(() => start());

afterEach(async () => {
  page.close();
  await gateway.stop();
});

async function isOnDisk(text: string): Promise<boolean> {
  const files = await Promise.all((await readdir(dataDir)).map((name) => readFile(join(dataDir, name))));
  return files.some((bytes) => bytes.includes(text));
}

async function exported(): Promise<string> {
  return (await gateway.rest('/api/export?payloads=1')).text();
}

function watch() {
  return page.client.redaction.watch({ cursor: null, waitMs: 0 });
}

describe('rules that are saved on the page', () => {
  it('R28: hide at once, and after going through what is stored it is nowhere on disk', async () => {
    await session.callTool('bench__echo_text', { text: `before: ${NAME}` });
    await gateway.waitForTrace('the call is stored', ({ name, spanCount }) => name === 'POST /mcp' && spanCount > 2);
    expect(await isOnDisk(NAME)).toBe(true);

    await page.client.redaction.save({ rules: [RULE], builtIn: {} });
    await session.callTool('bench__echo_text', { text: `after: ${NAME}` });
    expect(await exported()).not.toContain(NAME);
    expect((await watch()).rescrub).toMatchObject({ isAdvised: true, newlyHidden: null });

    await page.client.redaction.rescrub();
    const { rescrub } = await eventually('everything was gone through', async () => {
      const feed = await watch();
      return !feed.rescrub.isRunning && feed;
    });
    expect(rescrub.isAdvised).toBe(false);
    expect(rescrub.newlyHidden).toBeGreaterThan(0);
    expect(rescrub.done).toBe(rescrub.total);
    expect(await isOnDisk(NAME)).toBe(false);
    expect(await (await gateway.rest(`/api/traces?q=${NAME}`)).json()).toEqual([]);

    // Loosened: what was hidden stays so.
    await page.client.redaction.save({ rules: [], builtIn: {} });
    await page.client.redaction.rescrub();
    await eventually('it was gone through again', async () => !(await watch()).rescrub.isRunning);
    expect(await exported()).not.toContain(NAME);
    expect(await exported()).toContain('after: •••');
  });

  it('R25: tell no page the text that they hide', async () => {
    await page.client.redaction.save({ rules: [RULE], builtIn: {} });
    const { policy } = await watch();
    expect(policy.rules).toEqual([{ ...RULE, match: { type: 'value', value: KEPT_VALUE } }]);
    await page.client.redaction.save(structuredClone(policy) as never);
    await session.callTool('bench__echo_text', { text: NAME });
    expect(await exported()).not.toContain(NAME);
  });
});

describe('hidden values', () => {
  it('R101: can be looked at while a page that may manage asks for it, and come into nothing else', async () => {
    const secret = 'velvet-anchor-1902';
    await page.client.redaction.reveal({ isOn: true });
    await session.callTool('bench__echo_text', { text: 'x', password: secret });
    const trace = await gateway.waitForTrace('the call is stored', (one) => one['target'] === 'echo_text');
    const traceId = trace.traceId as TraceId;
    const watched = { traceId, cursor: null, waitMs: 0 };
    const { payloads, spans } = await page.client.traces.watch(watched);
    const hidden = payloads.find(({ findingCount }) => findingCount > 0);
    if (hidden === undefined) throw new Error(`Nothing was hidden in ${spans.length} spans.`);
    const body = await page.client.traces.payload({ traceId, spanId: hidden.spanId, direction: hidden.direction });
    const hash = body?.findings[0]?.hash ?? '';
    expect(await page.client.redaction.revealed({ hash })).toBe(secret);
    expect(await page.client.redaction.trail({ hash })).not.toEqual([]);
    expect((await watch()).revealingSince).not.toBeNull();
    expect(await isOnDisk(secret)).toBe(false);
    expect(await exported()).not.toContain(secret);
    await page.client.redaction.reveal({ isOn: false });
    expect(await page.client.redaction.revealed({ hash })).toBeNull();
    await gateway.stop();
    expect(gateway.stdout() + gateway.stderr()).not.toContain(secret);
  });
});

describe('rules of the configuration file', () => {
  it('are in force from the first call on, and a mistake in them keeps the gateway from starting', async () => {
    page.close();
    await gateway.stop();
    const rules = [{ id: 'ticket', match: { type: 'pattern', pattern: 'TICKET-([0-9]{4})' }, action: 'drop' }];
    await start({ rules, builtIn: { email: { enabled: true } } }, false);
    await session.callTool('bench__echo_text', { text: 'TICKET-4711 of ada@example.org' });
    const text = await exported();
    expect(text).toContain('TICKET- of •••');
    await expect(page.client.redaction.save({ rules: [], builtIn: {} } as RedactionPolicy as never)).rejects.toThrow(
      '--manage',
    );

    const broken = join(gateway.home, 'broken.json');
    await writeFile(
      broken,
      '{"redaction": {"rules": [\n  {"id": "x", "match": {"type": "pattern", "pattern": "("}}]}}',
    );
    const run = await runCli(['serve', '--config', broken, '--port', '0']);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^throughline: .*broken\.json, line 2, column \d+: .*x.*\n$/);
  });
});
