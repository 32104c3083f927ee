import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAppHome } from '../../src/runtime/app-home.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { StdioServerConfig } from '../../src/shared/domain/server.ts';

const ID = 'notes' as ServerId;
const SERVER: StdioServerConfig = { type: 'stdio', command: 'node', args: ['server.js'], env: { A: 'b' }, cwd: null };

let parent: string;
let directory: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'throughline-home-'));
  directory = join(parent, 'throughline');
});

afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe("the app's own directory", () => {
  it('S26, R102: is made for this user only, token and all', async () => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(ID, SERVER);
    expect(await modeOf(directory)).toBe(0o700);
    for (const file of ['config.json', 'token', 'approvals.json'])
      expect(await modeOf(join(directory, file))).toBe(0o600);
  });

  it('keeps its token and its servers', async () => {
    const first = await openAppHome(directory, {});
    await first.shelf.save(ID, SERVER);
    const second = await openAppHome(directory, {});
    expect(second.token).toBe(first.token);
    expect(second.config.servers.get(ID)).toEqual(SERVER);
    expect(second.unapproved).toEqual([]);
  });

  it('S14, S15: holds back a server whose entry was changed from outside', async () => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(ID, SERVER);
    const file = join(directory, 'config.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('server.js', 'other.js'));
    expect((await openAppHome(directory, {})).unapproved).toEqual([ID]);
  });

  it('does not ask again because a variable has another value today', async () => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(ID, { ...SERVER, env: { TOKEN: '${env:TOKEN_OF_TODAY}' } });
    const next = await openAppHome(directory, { TOKEN_OF_TODAY: 'monday' });
    expect(next.config.servers.get(ID)).toMatchObject({ env: { TOKEN: 'monday' } });
    expect(next.unapproved).toEqual([]);
  });

  it('asks for everything again when the approvals cannot be read', async () => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(ID, SERVER);
    await writeFile(join(directory, 'approvals.json'), '{"notes":');
    expect((await openAppHome(directory, {})).unapproved).toEqual([ID]);
  });

  it("leaves the user's comments and other entries in the file", async () => {
    await openAppHome(directory, {});
    const file = join(directory, 'config.json');
    await writeFile(file, '{\n  // mine\n  "mcpServers": { "kept": { "command": "node" } }\n}\n');
    const home = await openAppHome(directory, {});
    await home.shelf.save(ID, SERVER);
    await home.shelf.remove(ID);
    const text = await readFile(file, 'utf8');
    expect(text).toContain('// mine');
    expect(text).toContain('"kept"');
    expect(text).not.toContain('notes');
  });
});
