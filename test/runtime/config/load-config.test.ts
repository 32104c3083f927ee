import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_GATEWAY_SETTINGS, type ThroughlineConfig } from '../../../src/runtime/config/config.ts';
import { loadConfig, readConfig } from '../../../src/runtime/config/load-config.ts';
import type { ServerConfig } from '../../../src/shared/domain/server.ts';
import { UserError } from '../../../src/shared/kernel/user-error.ts';

const FILE = '/etc/throughline/config.json';

/** `${name}`: a reference as a file holds it. */
function ref(name: string): string {
  return `\${${name}}`;
}

function read(text: string, environment: Record<string, string> = {}) {
  return readConfig(FILE, text, environment);
}

/** The servers as they are started, by name. */
function resolvedIn(config: ThroughlineConfig): Record<string, ServerConfig> {
  return Object.fromEntries(
    [...config.servers].map(([id, server]) => {
      if (!('resolved' in server)) throw new Error(server.problem.sentence);
      return [id, server.resolved];
    }),
  );
}

function sentenceOf(text: string, environment?: Record<string, string>): string {
  try {
    read(text, environment);
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.message;
    throw thrown;
  }
  throw new Error('It was read.');
}

describe('a config file', () => {
  it('is the shape that other clients use, with comments and trailing commas', () => {
    const config = read(`\uFEFF{
      // started by us
      "mcpServers": {
        "files": {"command": "npx", "args": ["-y", "server", "/tmp"], "env": {"A": "1"}, "cwd": "work"},
        "plain": {"type": "stdio", "command": "node"},
        "remote": {"type": "http", "url": "http://127.0.0.1:3001/mcp", "headers": {"X-Key": "k"}},
        "other": {"type": "streamable-http", "url": "https://example.test/mcp"},
        "camel": {"type": "streamableHttp", "url": "https://example.test/sse"},
        "cursor": {"url": "https://example.test/mcp"}, /* no type */
        "older": {"type": "sse", "url": "https://example.test/events"},
        "known": {"url": "https://example.test/v1/sse?key=1"},
        "slash": {"url": "https://example.test/sse/"},
      },
    }`);
    expect(resolvedIn(config)).toEqual({
      files: {
        type: 'stdio',
        command: 'npx',
        args: ['-y', 'server', '/tmp'],
        env: { A: '1' },
        cwd: '/etc/throughline/work',
      },
      plain: { type: 'stdio', command: 'node', args: [], env: {}, cwd: null },
      remote: { type: 'http', url: 'http://127.0.0.1:3001/mcp', headers: { 'X-Key': 'k' } },
      other: { type: 'http', url: 'https://example.test/mcp', headers: {} },
      camel: { type: 'http', url: 'https://example.test/sse', headers: {} },
      cursor: { type: 'http', url: 'https://example.test/mcp', headers: {} },
      older: { type: 'sse', url: 'https://example.test/events', headers: {} },
      known: { type: 'sse', url: 'https://example.test/v1/sse?key=1', headers: {} },
      slash: { type: 'sse', url: 'https://example.test/sse/', headers: {} },
    });
    const names = ['files', 'plain', 'remote', 'other', 'camel', 'cursor', 'older', 'known', 'slash'];
    expect([...config.servers.keys()]).toEqual(names);
    expect(config.gateway).toEqual(DEFAULT_GATEWAY_SETTINGS);
  });

  it('says of any server how its names begin, whose sessions it has, and how it is treated', () => {
    const traits = { prefix: 'f', session: 'shared', traceContext: false, idleStopMs: 60_000 };
    const config = read(
      JSON.stringify({ mcpServers: { a: { command: 'c', ...traits }, b: { url: 'http://x.test/', ...traits } } }),
    );
    expect(resolvedIn(config)).toMatchObject({ a: traits, b: traits });
    expect(resolvedIn(read('{"mcpServers": {"a": {"command": "c"}}}'))['a']).toEqual({
      type: 'stdio',
      command: 'c',
      args: [],
      env: {},
      cwd: null,
    });
  });

  it('sets the gateway, and leaves the rest of it at its defaults', () => {
    const gateway = {
      requestTimeoutMs: 5_000,
      connectTimeoutMs: 1_000,
      maxBodyBytes: 2_048,
      toolNameSeparator: '-',
      session: 'shared',
      idleStopMs: 90_000,
      healthCheckMs: 0,
      baggage: { allow: ['tenant'], headers: {}, maxItems: 3, maxBytes: 2_048 },
      planSecrets: true,
    };
    expect(read(JSON.stringify({ gateway })).gateway).toEqual(gateway);
    expect(read('{"gateway": {"session": "shared"}}').gateway).toEqual({
      ...DEFAULT_GATEWAY_SETTINGS,
      session: 'shared',
    });
  });

  it('may hold the keys of later versions as long as they ask for nothing', () => {
    expect(read('{"$schema": "x", "plugins": [], "redaction": {}, "otlp": {}}').servers.size).toBe(0);
  });

  it('does not change what looks like a reference in commands, arguments and addresses', () => {
    const config = read(`{"mcpServers": {"a": {"command": "c", "args": ["${ref('HOME')}"]}}}`, { HOME: '/root' });
    expect(resolvedIn(config)['a']).toMatchObject({ args: [ref('HOME')] });
  });
});

describe('references to the environment', () => {
  const environment = { TOKEN: 'from the environment', EMPTY: '', COST: '$& $1' };

  it('are resolved in variables and headers, within text too', () => {
    const config = read(
      JSON.stringify({
        mcpServers: {
          a: {
            command: 'c',
            env: { A: ref('TOKEN'), B: ref('env:TOKEN'), C: `x${ref('EMPTY')}y`, D: ref('COST'), E: '$TOKEN' },
          },
          b: { url: 'http://localhost/', headers: { Authorization: `Bearer ${ref('TOKEN')}` } },
        },
      }),
      environment,
    );
    const { a, b } = resolvedIn(config);
    const text = 'from the environment';
    expect(a).toMatchObject({ env: { A: text, B: text, C: 'xy', D: '$& $1', E: '$TOKEN' } });
    expect(b).toMatchObject({ headers: { Authorization: `Bearer ${text}` } });
  });

  it('to secrets that the app keeps lead nowhere from here, and say so', () => {
    const text = `{"mcpServers": {"a": {"url": "http://x.test/", "headers": {"K": "${ref('secret:a/headers/K')}"}}}}`;
    expect(sentenceOf(text)).toContain(
      "line 1, column 65: headers.K refers to a kept secret, which only the app's own",
    );
  });

  it('that are not set end in a sentence with their place', () => {
    expect(sentenceOf(`{"mcpServers": {\n  "a": {"command": "c", "env": {"K": "x ${ref('MISSING')} y"}}\n}}`)).toBe(
      `${FILE}, line 2, column 38: the environment variable MISSING is not set. Set it and start again.`,
    );
  });
});

describe('a config file with a mistake', () => {
  it.each([
    [
      '{"mcpServer": {}}',
      'line 1, column 2: unknown key "mcpServer". Known keys: $schema, mcpServers, virtualServers, plugins, redaction, otlp, gateway.',
    ],
    [
      '{"mcpServers": {\n  "echo": {"comand": "x"}\n}}',
      'line 2, column 12: unknown key "comand" (in mcpServers.echo). Known keys: type, command, args, env, cwd, prefix, session, traceContext, idleStopMs.',
    ],
    [
      '{"mcpServers": {"a": {"url": "http://x/", "timeout": 1}}}',
      'line 1, column 43: unknown key "timeout" (in mcpServers.a). Known keys: type, url, headers, prefix, session, traceContext, idleStopMs.',
    ],
    [
      '{"gateway": {"sesion": "shared"}}',
      'line 1, column 14: unknown key "sesion" (in gateway). Known keys: requestTimeoutMs, connectTimeoutMs, maxBodyBytes, toolNameSeparator, session, idleStopMs, healthCheckMs, baggage, planSecrets, tracing, spanNaming, capture, captureIdentity, history, retention, storeBudgetMb.',
    ],
    ['{"mcpServers": {"a": {"command": 5}}}', 'line 1, column 34: mcpServers.a.command: '],
    ['{"mcpServers": {"a": {"command": "  "}}}', 'line 1, column 34: mcpServers.a.command: write the command'],
    ['{"mcpServers": {"a": {"command": "c", "args": ["x", 5]}}}', 'line 1, column 53: mcpServers.a.args.1: '],
    ['{"mcpServers": {"a": {"args": []}}}', 'line 1, column 22: mcpServers.a.command: '],
    ['{"mcpServers": {"a": {}}}', 'line 1, column 22: write either "command"'],
    ['{"mcpServers": {"a": []}}', 'line 1, column 22: mcpServers.a: '],
    [
      '{"mcpServers": {"a": {"url": "ftp://x/"}}}',
      'line 1, column 30: mcpServers.a.url: write an http:// or https:// address.',
    ],
    ['{"mcpServers": {"a": {"url": "javascript:alert(1)"}}}', 'mcpServers.a.url: write an http'],
    ['{"mcpServers": {"a": {"type": "ftp", "url": "http://x/"}}}', 'line 1, column 31: mcpServers.a.type: '],
    ['{"mcpServers": {"a": {"type": "sse"}}}', 'line 1, column 22: mcpServers.a.url: write an http'],
    ['{"mcpServers": {"a": {"command": "c", "prefix": "a.b"}}}', 'mcpServers.a.prefix: A prefix is 1 to 32'],
    ['{"mcpServers": {"a": {"command": "c", "session": "x"}}}', 'line 1, column 50: mcpServers.a.session: '],
    ['{"mcpServers": {"a": {"command": "c", "idleStopMs": -1}}}', 'mcpServers.a.idleStopMs: '],
    ['{"mcpServers": {"a": {"url": "http://x/", "traceContext": 1}}}', 'mcpServers.a.traceContext: '],
    ['{"gateway": {"healthCheckMs": 999}}', 'gateway.healthCheckMs: write 0 (none), or 1000 and more.'],
    ['{"gateway": {"idleStopMs": 604800001}}', 'gateway.idleStopMs: '],
    ['{"mcpServers": {"a/b": {"command": "c"}}}', 'line 1, column 17: A server name is 1 to 64'],
    ['{"gateway": {"session": "both"}}', 'line 1, column 25: gateway.session: '],
    ['{"gateway": {"requestTimeoutMs": 5}}', 'line 1, column 34: gateway.requestTimeoutMs: '],
    ['{"gateway": {"toolNameSeparator": " "}}', 'gateway.toolNameSeparator: write 1 to 8'],
    ['{"plugins": [{"name": "x"}]}', 'line 1, column 13: plugins: plugins are not available in this version'],
    ['{"otlp": {"endpoint": "x"}}', 'line 1, column 11: unknown key "endpoint" (in otlp). Known keys: receiver'],
    [
      '{"mcpServers": {"a": {"command": "1"}, "a": {"command": "2"}}}',
      'line 1, column 40: the key "a" stands here twice',
    ],
    ['{\n  "mcpServers": {\n', 'line 3, column 1: this is not valid JSON (close brace expected). '],
    ['{"a" 1}', 'line 1, column 6: this is not valid JSON (colon expected). '],
    ['not json', 'line 1, column 1: this is not valid JSON'],
    ['[]', 'line 1, column 1: '],
    ['', 'is empty. Write at least {"mcpServers": {}} into it.'],
    ['// nothing\n', 'is empty. '],
  ])('%s names the place and what to do', (text, sentence) => {
    expect(sentenceOf(text)).toContain(sentence);
    expect(sentenceOf(text)).toContain(FILE);
  });

  it('is never quoted with the values of its variables and headers', () => {
    const secret = 'hunter2hunter2';
    for (const text of [
      `{"mcpServers": {"a": {"command": "c", "env": {"K": "${secret}"}, "x": 1}}}`,
      `{"mcpServers": {"a": {"url": "nope", "headers": {"K": "${secret}"}}}}`,
      `{"mcpServers": {"a": {"command": "c", "env": {"K": "${secret}"} "x"}}}`,
      `{"mcpServers": {"a": {"command": "c", "env": "${secret}"}}}`,
    ]) {
      expect(sentenceOf(text)).not.toContain(secret);
    }
  });
});

describe('loadConfig', () => {
  let directory = '';

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'throughline-config-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('reads a file', async () => {
    const file = join(directory, 'good.json');
    await writeFile(file, '{"mcpServers": {"a": {"command": "c"}}}');
    expect((await loadConfig(file, {})).servers.size).toBe(1);
  });

  it('says so when there is no file, or something that is none', async () => {
    const missing = join(directory, 'missing.json');
    await expect(loadConfig(missing)).rejects.toThrow(
      `There is no config file at ${missing}. Check the path after --config.`,
    );
    await expect(loadConfig(directory)).rejects.toThrow(`${directory} is not a file. `);
    await expect(loadConfig(missing)).rejects.toBeInstanceOf(UserError);
  });
});
