import { describe, expect, it } from 'vitest';
import { splitCommandLine } from '../../../renderer/model/command-line.ts';
import { pairsFromText } from '../../../renderer/model/pairs.ts';
import {
  draftFromConfig,
  EMPTY_DRAFT,
  looksLikeConfig,
  readDraft,
  traitSentences,
} from '../../../renderer/model/server-draft.ts';

describe('a pasted command line', () => {
  const words = (line: string) => {
    const split = splitCommandLine(line);
    return split.ok ? split.value : split.error;
  };

  it('is cut at spaces outside quotes, as a shell would', () => {
    expect(words('npx -y "my server" --root=\'/srv/my notes\' a\\ b ""')).toEqual([
      'npx',
      '-y',
      'my server',
      '--root=/srv/my notes',
      'a b',
      '',
    ]);
    expect(words('say "a \\"word\\" and \\\\ and \\n"')).toEqual(['say', 'a "word" and \\ and \\n']);
    expect(words('one \\\n  two')).toEqual(['one', 'two']);
  });

  it('S18: is refused when only a shell would understand it, instead of being half obeyed', () => {
    for (const line of ['a | b', 'a && b', 'a; b', 'a > file', 'a `b`']) expect(words(line)).toMatch(/needs a shell/);
    expect(words('a "unclosed')).toMatch(/not closed/);
  });
});

describe('the form for a server', () => {
  it('becomes what the contract wants', () => {
    const read = readDraft({
      ...EMPTY_DRAFT,
      name: ' everything ',
      command: 'npx -y "@scope/server everything"',
      env: [
        { name: 'API_KEY', value: 'a=b' },
        { name: '', value: '' },
        { name: 'LANG', value: 'C' },
      ],
    });
    expect(read).toEqual({
      ok: true,
      value: {
        id: 'everything',
        config: {
          type: 'stdio',
          command: 'npx',
          args: ['-y', '@scope/server everything'],
          env: { API_KEY: 'a=b', LANG: 'C' },
          cwd: null,
        },
      },
    });
  });

  it('leaves a command with spaces alone when its arguments are given apart', () => {
    const read = readDraft({ ...EMPTY_DRAFT, name: 'x', command: '/opt/my server/run', args: '--a b\n--c' });
    expect(read.ok && read.value.config).toMatchObject({ command: '/opt/my server/run', args: ['--a b', '--c'] });
  });

  it('says at each field what is wrong with it, and never repeats a value that may be secret', () => {
    const read = readDraft({ ...EMPTY_DRAFT, name: '/x', env: [{ name: '', value: 'hunter2' }] });
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(Object.keys(read.error).sort()).toEqual(['command', 'env', 'name']);
    expect(read.error.env).toBe('A variable needs a name.');
    expect(JSON.stringify(read.error)).not.toContain('hunter2');
  });

  it('takes an address and headers', () => {
    const read = readDraft({
      ...EMPTY_DRAFT,
      name: 'remote',
      type: 'http',
      url: 'https://example.com/mcp',
      headers: [{ name: 'Authorization', value: 'Bearer a:b' }],
    });
    expect(read.ok && read.value.config).toEqual({
      type: 'http',
      url: 'https://example.com/mcp',
      headers: { Authorization: 'Bearer a:b' },
    });
    const wrong = readDraft({ ...EMPTY_DRAFT, name: 'remote', type: 'http', url: 'ftp://example.com' });
    expect(!wrong.ok && wrong.error.url).toBe('Enter an http:// or https:// address.');
  });
});

describe('what is said of a server beside its target', () => {
  const base = { ...EMPTY_DRAFT, name: 'old', type: 'sse' as const, url: 'https://example.com/sse' };

  it('is left to the gateway unless something was chosen', () => {
    const read = readDraft(base);
    expect(read.ok && read.value.config).toEqual({ type: 'sse', url: 'https://example.com/sse', headers: {} });
    expect(read.ok && traitSentences(read.value.config)).toEqual([]);
  });

  it('goes to the host as chosen, and is told in sentences before it is agreed to', () => {
    const read = readDraft({ ...base, prefix: 'o', session: 'shared', traceContext: false, idleStop: '30' });
    expect(read.ok && read.value.config).toMatchObject({
      prefix: 'o',
      session: 'shared',
      traceContext: false,
      idleStopMs: 1_800_000,
    });
    expect(read.ok && traitSentences(read.value.config)).toEqual([
      'Its names at /mcp begin with “o”.',
      'All clients share one session with it.',
      'No trace context is sent to it.',
      'It is stopped when nobody used it for 30 minutes, until the next call.',
    ]);
    const kept = readDraft({ ...base, session: 'dedicated', idleStop: '0' });
    expect(kept.ok && traitSentences(kept.value.config)).toEqual([
      'Each client gets a session with it of its own.',
      'It is kept running when nobody uses it.',
    ]);
  });

  it('is refused at its field when it cannot be', () => {
    const read = readDraft({ ...base, prefix: 'no spaces', idleStop: 'soon' });
    expect(!read.ok && read.error.prefix).toMatch(/^A prefix is/);
    expect(!read.ok && read.error.idleStop).toMatch(/whole number of minutes/);
    const long = readDraft({ ...base, idleStop: '999999' });
    expect(!long.ok && Object.keys(long.error)).toEqual(['idleStop']);
  });

  it('comes with a pasted configuration', () => {
    const pasted = draftFromConfig(
      '{"x": {"type": "sse", "url": "https://e.test/sse", "prefix": "p", "session": "shared", "traceContext": false, "idleStopMs": 90000}}',
    );
    expect(pasted.ok && pasted.value).toMatchObject({
      type: 'sse',
      prefix: 'p',
      session: 'shared',
      traceContext: false,
      idleStop: '2',
    });
  });
});

describe('names and values', () => {
  it('are read from pasted lines, and only when every line is one', () => {
    expect(pairsFromText('A=1\n# a remark\n\nB = x=y', '=')).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: 'x=y' },
    ]);
    expect(pairsFromText('Authorization: Bearer t', ':')).toEqual([{ name: 'Authorization', value: 'Bearer t' }]);
    expect(pairsFromText('A=1\nno pair here', '=')).toBeNull();
    expect(pairsFromText('API_KEY', '=')).toBeNull();
  });

  it('must differ in their names', () => {
    const twice = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ];
    const read = readDraft({ ...EMPTY_DRAFT, name: 'x', command: 'y', env: twice });
    expect(!read.ok && read.error.env).toBe('“A” is there twice.');
  });
});

describe('a pasted configuration', () => {
  it('fills the form, with or without its outer braces', () => {
    const entry = '"everything": {"command": "npx", "args": ["-y", "pkg"], "env": {"A": "1"}, "cwd": "/srv"}';
    for (const text of [`{"mcpServers": {${entry}}}`, `{${entry}}`, `${entry},`, `{"servers": {${entry}}}`]) {
      expect(looksLikeConfig(text)).toBe(true);
      expect(draftFromConfig(text)).toEqual({
        ok: true,
        value: {
          ...EMPTY_DRAFT,
          name: 'everything',
          command: 'npx',
          args: '-y\npkg',
          env: [{ name: 'A', value: '1' }],
          cwd: '/srv',
        },
      });
    }
  });

  it('may be an address, or one server without a name', () => {
    const remote = draftFromConfig('{"x": {"type": "http", "url": "https://e.test/mcp", "headers": {"K": "v"}}}');
    expect(remote.ok && remote.value).toMatchObject({
      type: 'http',
      url: 'https://e.test/mcp',
      headers: [{ name: 'K', value: 'v' }],
    });
    const bare = draftFromConfig('{"command": "uvx", "args": ["notes"]}');
    expect(bare.ok && bare.value).toMatchObject({ name: '', command: 'uvx', args: 'notes' });
  });

  it('is refused in words when it holds none, several, or is no JSON', () => {
    const error = (text: string) => {
      const read = draftFromConfig(text);
      return read.ok ? '' : read.error;
    };
    expect(error('{"mcpServers": {}}')).toMatch(/No server found/);
    expect(error('{"a": {"command": "x"}, "b": {"command": "y"}}')).toMatch(/holds 2 servers/);
    expect(error('{"a": ')).toMatch(/not valid JSON/);
    expect(looksLikeConfig('npx -y thing')).toBe(false);
  });
});
