import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { KEPT_VALUE, type UserRule } from '../../../src/shared/domain/redaction.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { openRawSession } from '../../support/raw-session.ts';
import { startHomeRuntime, type HomeRuntime } from '../config/home-runtime.ts';

const BENCH = 'bench' as ServerId;
const NAME = 'plum-kettle-project';
const RULES: UserRule[] = [
  { id: 'project', match: { type: 'value', value: NAME }, action: 'mask' },
  { id: 'tickets', match: { type: 'pattern', pattern: 'TICKET-[0-9]+' }, action: 'hash' },
];

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function saidBack(app: HomeRuntime, text: string): Promise<string> {
  const session = await openRawSession(app, '/mcp');
  await session.callTool('bench__echo_text', { text });
  return (await app.rest('/api/export?payloads=1')).text();
}

describe('rules that are saved in the app', () => {
  it('S13, R28: are there again after a restart, with the text that one hides kept apart', async () => {
    {
      await using app = await startHomeRuntime(folder);
      await app.add(BENCH, { type: 'stdio', ...workbenchStdio(), env: {}, cwd: null });
      await app.until(BENCH, 'connected');
      await app.page.redaction.save({ rules: RULES, builtIn: { email: { enabled: true } } });
      expect(await saidBack(app, `${NAME} TICKET-77 ada@example.org marker`)).not.toMatch(/plum-kettle|TICKET-77|ada@/);
    }
    const config = await readFile(join(folder, 'config.json'), 'utf8');
    expect(config).not.toContain(NAME);
    expect(JSON.parse(config)).toMatchObject({
      redaction: {
        rules: [{ match: { value: '${secret:@redaction/project}' } }, RULES[1]],
        builtIn: { email: { enabled: true } },
      },
    });

    await using app = await startHomeRuntime(folder);
    await app.until(BENCH, 'connected');
    const { policy, rules } = await app.page.redaction.watch({ cursor: null, waitMs: 0 });
    expect(policy.rules[0]?.match).toEqual({ type: 'value', value: KEPT_VALUE });
    expect(rules.find(({ id }) => id === 'email')?.isOn).toBe(true);
    const exported = await saidBack(app, `${NAME} TICKET-77 ada@example.org marker`);
    expect(exported).not.toMatch(/plum-kettle|TICKET-77|ada@/);
    expect(exported).toContain('marker');
    expect(app.log()).not.toContain(NAME);
  });
});
