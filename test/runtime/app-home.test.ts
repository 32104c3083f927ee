import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAppHome, type AppHome } from '../../src/runtime/app-home.ts';
import type { ConfiguredServer } from '../../src/runtime/config/config.ts';
import { referenceTo, secretKey, type SecretKey } from '../../src/runtime/secrets/secret-reference.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { HttpServerConfig, StdioServerConfig } from '../../src/shared/domain/server.ts';

const ID = 'notes' as ServerId;
const SERVER: StdioServerConfig = { type: 'stdio', command: 'node', args: ['server.js'], env: { A: 'b' }, cwd: null };
const NO_SECRETS: ReadonlyMap<SecretKey, string> = new Map();

const REMOTE = 'search' as ServerId;
const KEY = secretKey(REMOTE, 'headers', 'Authorization');
const SECRET = 'Bearer 6f1c0e5d-sentinel';
const WITH_REFERENCE: HttpServerConfig = {
  type: 'http',
  url: 'https://search.example/mcp',
  headers: { Authorization: referenceTo(KEY) },
};

let parent: string;
let directory: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'throughline-home-'));
  directory = join(parent, 'throughline');
});

afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

const at = (file: string): string => join(directory, file);
const textOf = (file: string): Promise<string> => readFile(at(file), 'utf8');

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

/** What keeps a server from starting; null when nothing does. */
function problemOf(home: AppHome, id: ServerId): string | null {
  const server = serverOf(home, id);
  return 'problem' in server ? server.problem.sentence : null;
}

function serverOf(home: AppHome, id: ServerId): ConfiguredServer {
  const server = home.config.servers.get(id);
  if (server === undefined) throw new Error(`There is no ${id}.`);
  return server;
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await textOf(file);
  if (!text.includes(from)) throw new Error(`${file} has no ${from}: ${text}`);
  await writeFile(at(file), text.replace(from, to));
}

describe("the app's own directory", () => {
  it('S26, R102: is made for this user only, token, secrets and all', async () => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(REMOTE, WITH_REFERENCE, new Map([[KEY, SECRET]]));
    expect(await modeOf(directory)).toBe(0o700);
    for (const file of ['config.json', 'token', 'ingest-token', 'approvals.json', 'secrets.json'])
      expect(await modeOf(at(file))).toBe(0o600);
  });

  it('keeps its token and its servers', async () => {
    const first = await openAppHome(directory, {});
    await first.shelf.save(ID, SERVER, NO_SECRETS);
    const second = await openAppHome(directory, {});
    expect(second.token).toBe(first.token);
    expect(second.ingestToken).toBe(first.ingestToken);
    expect(first.ingestToken).not.toBe(first.token);
    expect(serverOf(second, ID)).toEqual({ written: SERVER, resolved: SERVER });
  });

  it('does not ask again because a variable has another value today', async () => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(ID, { ...SERVER, env: { TOKEN: '${env:TOKEN_OF_TODAY}' } }, NO_SECRETS);
    const next = await openAppHome(directory, { TOKEN_OF_TODAY: 'monday' });
    expect(serverOf(next, ID)).toMatchObject({ resolved: { env: { TOKEN: 'monday' } } });
  });

  it('asks for everything again when the approvals cannot be read', async () => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(ID, SERVER, NO_SECRETS);
    await writeFile(at('approvals.json'), '{"notes":');
    expect(problemOf(await openAppHome(directory, {}), ID)).toContain('outside the app');
  });

  it('removes what a crash left half-written, but not what somebody may be writing now', async () => {
    await openAppHome(directory, {});
    const abandoned = at('secrets.json.6f1c0e5d-0000-4000-8000-000000000000.tmp');
    const fresh = at('secrets.json.6f1c0e5d-0000-4000-8000-000000000001.tmp');
    for (const file of [abandoned, fresh]) await writeFile(file, SECRET);
    const yesterday = Date.now() / 1_000 - 86_400;
    await utimes(abandoned, yesterday, yesterday);
    await openAppHome(directory, {});
    expect((await readdir(directory)).filter((name) => name.endsWith('.tmp'))).toEqual([
      'secrets.json.6f1c0e5d-0000-4000-8000-000000000001.tmp',
    ]);
  });
});

describe('a server that was changed outside the app', () => {
  const traits = { prefix: 'n', session: 'shared', traceContext: false, idleStopMs: 5_000 } as const;
  const local: StdioServerConfig = { ...SERVER, ...traits, cwd: '/srv', env: { LEVEL: 'info' } };

  it.each([
    ['its command', '"node"', '"sh"'],
    ['an argument', 'server.js', 'other.js'],
    ["a variable's name", '"LEVEL"', '"NODE_OPTIONS"'],
    ["a variable's value", '"info"', '"debug"'],
    ['its folder', '/srv', '/tmp'],
    ['its prefix', '"n"', '"m"'],
    ['its session', '"shared"', '"dedicated"'],
    ['its trace context', 'false', 'true'],
    ['its idle time', '5000', '6000'],
  ])('S15: is held when it is %s', async (_what, from, to) => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(ID, local, NO_SECRETS);
    expect(problemOf(await openAppHome(directory, {}), ID)).toBeNull();
    await edit('config.json', from, to);
    expect(problemOf(await openAppHome(directory, {}), ID)).toContain('Add it again under the same name');
  });

  it.each([
    ['its address', 'search.example', 'elsewhere.example'],
    ['its type', '"type": "http"', '"type": "sse"'],
    ["a header's name", '"Authorization"', '"X-Other"'],
    ['a reference to a secret', '${secret:search/headers/Authorization}', 'Bearer of somebody else'],
  ])('S15: is held when it is %s', async (_what, from, to) => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(REMOTE, WITH_REFERENCE, new Map([[KEY, SECRET]]));
    expect(problemOf(await openAppHome(directory, {}), REMOTE)).toBeNull();
    await edit('config.json', from, to);
    expect(problemOf(await openAppHome(directory, {}), REMOTE)).not.toBeNull();
  });

  it('S14, S15: is held when it was added there', async () => {
    await openAppHome(directory, {});
    await writeFile(at('config.json'), '{"mcpServers": {"notes": {"command": "node"}}}');
    expect(problemOf(await openAppHome(directory, {}), ID)).toContain('outside the app');
  });
});

describe("a mistake in the app's own config file", () => {
  it('holds the server it is in, with a sentence, and no other', async () => {
    const home = await openAppHome(directory, { TOKEN_OF_TODAY: 'monday' });
    const needy = 'needy' as ServerId;
    await home.shelf.save(ID, SERVER, NO_SECRETS);
    await home.shelf.save(needy, { ...SERVER, env: { TOKEN: '${TOKEN_OF_TODAY}' } }, NO_SECRETS);
    await edit('config.json', '"mcpServers": {', '"mcpServers": { "broken": { "comand": "x" }, "listed": [],');

    const next = await openAppHome(directory, {});
    expect(problemOf(next, ID)).toBeNull();
    expect(problemOf(next, needy)).toBe('The environment variable TOKEN_OF_TODAY is not set. Set it and start again.');
    expect(problemOf(next, 'broken' as ServerId)).toMatch(/config\.json, line 2, column \d+: unknown key "comand"/);
    expect(problemOf(next, 'listed' as ServerId)).toMatch(/config\.json, line 2, column \d+: mcpServers\.listed: /);
  });

  it('that no server can show is told in the log, and the rest is read', async () => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(ID, SERVER, NO_SECRETS);
    await edit(
      'config.json',
      '"mcpServers": {',
      '"virtualServers": {"notes": {"servers": {"notes": true}}, "v": {"servers": {"gone": true}}}, "mcpServers": { "a/b": {},',
    );
    const { config, notices } = await openAppHome(directory, {});
    expect([...config.servers.keys()]).toEqual([ID]);
    expect([...config.virtualServers.keys()]).toEqual(['v']);
    expect(notices).toEqual([
      expect.stringContaining('A server name is 1 to 64'),
      expect.stringContaining('there is a server "notes" in mcpServers already'),
    ]);
  });

  it('that makes the file unreadable ends in a sentence, and the file stays as it is', async () => {
    await openAppHome(directory, {});
    await writeFile(at('config.json'), '{"mcpServers": {');
    await expect(openAppHome(directory, {})).rejects.toThrow(/config\.json, line 1, column 17: this is not valid JSON/);
    expect(await textOf('config.json')).toBe('{"mcpServers": {');
  });
});

describe('secrets', () => {
  it('are filled in at start from where they are kept, and the config file only refers to them', async () => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(REMOTE, WITH_REFERENCE, new Map([[KEY, SECRET]]));
    const next = await openAppHome(directory, {});
    expect(serverOf(next, REMOTE)).toMatchObject({ resolved: { headers: { Authorization: SECRET } } });
    expect(await textOf('config.json')).toContain('"${secret:search/headers/Authorization}"');
    expect(await textOf('config.json')).not.toContain('sentinel');
    expect(await textOf('secrets.json')).toContain('sentinel');
  });

  it('that are gone hold their server, with a sentence that says to enter them again', async () => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(ID, SERVER, NO_SECRETS);
    await home.shelf.save(REMOTE, WITH_REFERENCE, new Map([[KEY, SECRET]]));
    await rm(at('secrets.json'));
    const next = await openAppHome(directory, {});
    expect(problemOf(next, ID)).toBeNull();
    expect(problemOf(next, REMOTE)).toBe(
      'The secret for headers.Authorization of server "search" is not kept any more. Add the server again and enter it.',
    );
  });

  it('are used by their own server only, whatever an entry says', async () => {
    const home = await openAppHome(directory, {});
    await home.shelf.save(REMOTE, WITH_REFERENCE, new Map([[KEY, SECRET]]));
    const thief: HttpServerConfig = { ...WITH_REFERENCE, url: 'https://thief.example/' };
    await home.shelf.save('thief' as ServerId, thief, NO_SECRETS);
    expect(problemOf(await openAppHome(directory, {}), 'thief' as ServerId)).toContain('a secret of another server');
  });
});
