import { chmod, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeStateFile } from '../../src/runtime/state-file.ts';
import { runCli, temporaryFolder, type CliRun } from '../support/cli-process.ts';
import { OTHER_TRACE_ID, TRACE_ID } from '../support/fake-services.ts';
import { OPERATOR_SECRET, startDoors, TOKEN, type DoorsUnderTest } from '../support/headless-doors.ts';
import { openPage, pageTokenOf } from '../support/page.ts';

let home = '';

beforeEach(() => {
  home = temporaryFolder();
});
afterEach(() => rm(home, { recursive: true, force: true }));

function run(...args: string[]): Promise<CliRun> {
  return runCli(args, { home });
}

/** One line, no stack. */
const SENTENCE = /^throughline: [^\n]+\n$/;

describe('the command line', () => {
  it('explains itself on stdout', async () => {
    const general = await run('--help');
    expect(general).toMatchObject({ code: 0, stderr: '' });
    for (const command of ['serve', 'bridge', 'demo', 'open', 'export']) {
      expect(general.stdout).toContain(`  ${command} `);
      expect((await run(command, '--help')).stdout).toContain(`Usage: throughline ${command} `);
    }
    for (const planned of ['plugin']) expect(general.stdout).not.toContain(`  ${planned} `);
    expect((await run('serve', '--help')).stdout).not.toContain('unused');
  });

  it('says its version', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([[[]], [['frob']], [['serve', '--frob']], [['serve', '--token', 'short']], [['import']]])(
    'ends %j with one sentence and code 2',
    async (args) => {
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(SENTENCE);
    },
  );

  it('shows a stack with --debug only', async () => {
    expect((await run('open')).stderr).toMatch(SENTENCE);
    expect((await run('open', '--debug')).stderr).toMatch(/\n\s+at /);
  });
});

describe('serve', () => {
  it.each([
    ['{"mcpServers": {', 'is not valid JSON'],
    ['{"mcpServer": {}}', 'line 1, column 2: unknown key "mcpServer". Known keys: '],
  ])('refuses the config %s with one sentence and starts nothing', async (text, sentence) => {
    await writeFile(join(home, 'config.json'), text);
    const { code, stdout, stderr } = await run('serve', '--config', 'config.json', '--port', '0', '--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(SENTENCE);
    expect(stderr).toContain(sentence);
  });

  it('says so when there is no config file', async () => {
    const { code, stderr } = await run('serve', '--config', 'missing.json');
    expect(code).toBe(1);
    expect(stderr).toBe('throughline: There is no config file at missing.json. Check the path after --config.\n');
  });
});

describe('open and export', () => {
  let doors: DoorsUnderTest;

  beforeEach(async () => {
    doors = await startDoors();
  });
  afterEach(() => doors.stop());

  async function announceGateway(overrides: { url?: string; token?: string; startedAt?: string } = {}): Promise<void> {
    await writeStateFile(join(home, '.local', 'state', 'throughline'), doors.port, {
      url: doors.origin,
      token: TOKEN,
      ingestToken: null,
      pid: process.pid,
      startedAt: new Date().toISOString(),
      operatorSecret: OPERATOR_SECRET,
      isUnattended: false,
      ...overrides,
    });
  }

  it('say what to do when no gateway runs', async () => {
    for (const command of ['open', 'export']) {
      const { code, stderr } = await run(command);
      expect(code).toBe(1);
      expect(stderr).toBe(
        'throughline: No running gateway was found: start one with "throughline serve", or name it with --url.\n',
      );
    }
  });

  it('open prints an address that works once, with the rights of who may read the state file', async () => {
    await announceGateway();
    const { code, stdout, stderr } = await run('open');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const ui = /^Open: (\S+)\n$/.exec(stdout)?.[1] ?? '';
    expect(ui).not.toContain(TOKEN);
    const page = await openPage(doors.origin, await pageTokenOf(ui));
    expect((await page.client.app.info()).canManage).toBe(true);
    page.close();
    await expect(pageTokenOf(ui)).rejects.toThrow('403');
  });

  it('S5: open with the token alone gets a page that may only look', async () => {
    const { stdout } = await run('open', '--url', doors.origin, '--token', TOKEN);
    const page = await openPage(doors.origin, await pageTokenOf(stdout.replace('Open: ', '').trim()));
    expect((await page.client.app.info()).canManage).toBe(false);
    page.close();
  });

  it('take the token from --token, else THROUGHLINE_TOKEN, else the state file', async () => {
    const withEnvironment = await runCli(['export', '--url', doors.origin], {
      home,
      env: { THROUGHLINE_TOKEN: TOKEN },
    });
    expect(withEnvironment.code).toBe(0);
    const unknown = await run('export', '--url', doors.origin);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('is not known here: give it with --token or THROUGHLINE_TOKEN.');
    await announceGateway();
    expect((await run('export', '--url', doors.origin.replace('127.0.0.1', 'localhost'))).code).toBe(0);
    const wrong = await run('export', '--token', 'a-wrong-token-of-length');
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toContain('refused the token: give the one it was started with');
    expect(wrong.stderr).not.toContain('a-wrong-token-of-length');
  });

  it('say so when nothing answers', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const { code, stderr } = await run('export', '--url', `http://127.0.0.1:${port}`, '--token', TOKEN);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `throughline: No gateway answers at http://127.0.0.1:${port}: start one with "throughline serve".\n`,
    );
  });

  it('export writes every trace to stdout, or one in another format', async () => {
    await announceGateway();
    const all = await run('export');
    expect(JSON.parse(all.stdout)).toEqual({ what: 'matching ', format: 'otlp-json', withPayloads: false });
    const one = await run('export', '--trace', TRACE_ID, '--format', 'otlp-proto');
    expect(JSON.parse(one.stdout)).toEqual({ what: TRACE_ID, format: 'otlp-proto', withPayloads: false });
  });

  it('export writes a session of what matches, with bodies', async () => {
    await announceGateway();
    const chosen = await run('export', '--format', 'session', '--query', 'status:error tool:"a b"', '--payloads');
    const what = 'matching status:error tool:"a b"';
    expect(JSON.parse(chosen.stdout)).toEqual({ what, format: 'session', withPayloads: true });
  });

  it('import hands files over and says of each what it was; one that fails leaves the others', async () => {
    await announceGateway();
    await writeFile(join(home, 'a.json'), '{"resourceSpans":[]}');
    await mkdir(join(home, 'folder'));
    const { code, stdout, stderr } = await run('import', 'a.json', 'missing.json', 'folder', 'a.json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'a.json: OTLP JSON, 1 trace, 2 spans.\n'.repeat(2) });
    expect(stderr.split('\n')).toEqual([
      'throughline: There is no file missing.json: check its name.',
      'throughline: folder is not a file: name files with traces.',
      '',
    ]);
    expect(doors.services.calls.filter((call) => call.startsWith('traces.import'))).toEqual(
      Array.from({ length: 2 }, () => 'traces.import a.json 20'),
    );
    expect((await run('import', 'a.json')).code).toBe(0);
  });

  it('import says what was left out, and why', async () => {
    await announceGateway();
    Object.assign(doors.services.imports, {
      file: async (fileName: string) => ({
        fileName,
        format: 'Jaeger JSON',
        traces: 2,
        spans: 1,
        payloads: 3,
        skipped: 1,
        problems: ['Spans without a trace id of 16 bytes were left out.'],
        newestTraceId: null,
      }),
    });
    await writeFile(join(home, 'a.json'), '{}');
    expect((await run('import', 'a.json')).stdout).toBe(
      'a.json: Jaeger JSON, 2 traces, 1 span, 3 bodies, 1 span skipped. Spans without a trace id of 16 bytes were left out.\n',
    );
  });

  it('export ends with a sentence when there is nothing to write', async () => {
    await announceGateway();
    const unknown = await run('export', '--trace', OTHER_TRACE_ID);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('There is no such trace');
    await doors.services.store.clear();
    const empty = await run('export', '--out', 'empty.json');
    expect(empty).toMatchObject({ code: 1, stdout: '' });
    expect(empty.stderr).toContain('There are no traces yet');
    expect(await readdir(home)).not.toContain('empty.json');
  });

  it('S26, R102: export --out writes for the user only, and replaces a regular file whole', async () => {
    await announceGateway();
    const file = join(home, 'traces.json');
    await writeFile(file, 'an old export');
    await chmod(file, 0o644);
    expect(await run('export', '--out', 'traces.json')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ what: 'matching ' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(home)).filter((name) => name.includes('traces'))).toEqual(['traces.json']);
  });

  it('export --out refuses directories, links and places it may not write', async () => {
    await announceGateway();
    await mkdir(join(home, 'directory'));
    await writeFile(join(home, 'target'), 'kept');
    await symlink(join(home, 'target'), join(home, 'link'));
    for (const out of ['directory', 'link', '/dev/null']) {
      const { code, stderr } = await run('export', '--out', out);
      expect(code).toBe(1);
      expect(stderr).toBe(`throughline: ${out} exists and is not a regular file: name another file after --out.\n`);
    }
    expect(await readFile(join(home, 'target'), 'utf8')).toBe('kept');
    const nowhere = await run('export', '--out', 'no/such/directory/file');
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toContain('(ENOENT): name a file that you may write.');
  });
});
