import { describe, expect, it } from 'vitest';
import { splitCommandLine } from '../../../renderer/model/command-line.ts';
import { draftFromConfig, EMPTY_DRAFT, looksLikeConfig, readDraft } from '../../../renderer/model/server-draft.ts';

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
      env: 'API_KEY=a=b\n\nLANG=C',
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
    const read = readDraft({ ...EMPTY_DRAFT, name: '/x', env: 'hunter2' });
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(Object.keys(read.error).sort()).toEqual(['command', 'env', 'name']);
    expect(read.error.env).toBe('Write one NAME=value a line.');
    expect(JSON.stringify(read.error)).not.toContain('hunter2');
  });

  it('takes an address and headers', () => {
    const read = readDraft({
      ...EMPTY_DRAFT,
      name: 'remote',
      type: 'http',
      url: 'https://example.com/mcp',
      headers: 'Authorization: Bearer a:b',
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

describe('a pasted configuration', () => {
  it('fills the form, with or without its outer braces', () => {
    const entry = '"everything": {"command": "npx", "args": ["-y", "pkg"], "env": {"A": "1"}, "cwd": "/srv"}';
    for (const text of [`{"mcpServers": {${entry}}}`, `{${entry}}`, `${entry},`, `{"servers": {${entry}}}`]) {
      expect(looksLikeConfig(text)).toBe(true);
      expect(draftFromConfig(text)).toEqual({
        ok: true,
        value: { ...EMPTY_DRAFT, name: 'everything', command: 'npx', args: '-y\npkg', env: 'A=1', cwd: '/srv' },
      });
    }
  });

  it('may be an address, or one server without a name', () => {
    const remote = draftFromConfig('{"x": {"type": "http", "url": "https://e.test/mcp", "headers": {"K": "v"}}}');
    expect(remote.ok && remote.value).toMatchObject({ type: 'http', url: 'https://e.test/mcp', headers: 'K: v' });
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
