import { describe, expect, it } from 'vitest';
import { parseCommandLine, UsageError } from '../../src/cli/commands.ts';

const TRACE = 'a'.repeat(32);

function command(line: string) {
  const request = parseCommandLine(line.split(' '));
  return request.kind === 'run' ? request.command : request;
}

describe('a command line', () => {
  it.each([
    [
      'serve',
      {
        name: 'serve',
        config: null,
        port: 4820,
        token: null,
        dataDir: null,
        appDir: null,
        manage: false,
        json: false,
        exitWhenUnusedSeconds: null,
      },
    ],
    [
      'serve --config c.json --port 0 --token abcdefghijklmnop --data-dir d --manage --json',
      {
        name: 'serve',
        config: 'c.json',
        port: 0,
        token: 'abcdefghijklmnop',
        dataDir: 'd',
        appDir: null,
        manage: true,
        json: true,
      },
    ],
    ['serve --port=65535', { port: 65_535 }],
    ['serve --app-dir d --manage', { config: null, appDir: 'd', manage: true }],
    ['serve --exit-when-unused 900', { exitWhenUnusedSeconds: 900 }],
    ['bridge', { name: 'bridge', server: null, url: null, token: null, noStart: false }],
    [
      'bridge --server files --url http://127.0.0.1:4820/mcp --token abcdefghijklmnop --no-start',
      { server: 'files', url: 'http://127.0.0.1:4820', token: 'abcdefghijklmnop', noStart: true },
    ],
    ['bridge --token -bcdefghijklmnop --no-start', { token: '-bcdefghijklmnop', noStart: true }],
    ['open --token --cdefghijklmnop', { token: '--cdefghijklmnop' }],
    ['demo', { name: 'demo', port: 0, token: null, json: false }],
    ['demo --port 4820 --json', { port: 4820, json: true }],
    ['open', { name: 'open', url: null, token: null }],
    ['open --url http://127.0.0.1:4820/', { url: 'http://127.0.0.1:4820' }],
    ['open --url http://localhost:4820/mcp', { url: 'http://localhost:4820' }],
    [
      'export',
      { name: 'export', url: null, token: null, trace: null, query: null, payloads: false, format: 'otlp-json' },
    ],
    [
      'export --format session --query status:error --payloads',
      { format: 'session', query: 'status:error', payloads: true },
    ],
    ['import a.json b.jsonl', { name: 'import', url: null, token: null, files: ['a.json', 'b.jsonl'] }],
    ['import a.json --url http://127.0.0.1:4820 b', { url: 'http://127.0.0.1:4820', files: ['a.json', 'b'] }],
    [`export --trace ${TRACE} --format otlp-proto --out f`, { trace: TRACE, format: 'otlp-proto', out: 'f' }],
    ['--help', { kind: 'help', command: null }],
    ['-h', { kind: 'help', command: null }],
    ['help', { kind: 'help', command: null }],
    ['export --help', { kind: 'help', command: 'export' }],
    ['serve --json -h', { kind: 'help', command: 'serve' }],
    ['--version', { kind: 'version' }],
  ])('%s is understood', (line, expected) => {
    expect(command(line)).toMatchObject(expected);
  });

  it('takes --debug with every command', () => {
    for (const name of ['serve', 'bridge', 'demo', 'open', 'export', 'import a']) {
      expect(parseCommandLine([...name.split(' '), '--debug'])).toMatchObject({ kind: 'run', debug: true });
      expect(parseCommandLine(name.split(' '))).toMatchObject({ kind: 'run', debug: false });
    }
  });

  it.each([
    ['frob', 'There is no command "frob". Commands: serve, bridge, demo, open, export, import.'],
    ['--frob', 'There is no option "--frob".'],
    ['toString', 'There is no command "toString".'],
    ['import', 'Name the files to import, for example "throughline import traces.json".'],
    ['import a  b', 'A file name is empty: name the files to import.'],
    ['import a --trace x', "Unknown option '--trace'."],
    [`export --query a --trace ${TRACE}`, 'Give --trace or --query, not both.'],
    ['export a.json', "Unexpected argument 'a.json'."],
    ['plugin new x', '"throughline plugin" is not available in this version.'],
    ['serve --app-dir d --config c.json', 'Give --config or --app-dir, not both'],
    ['serve --exit-when-unused 0', 'Give --exit-when-unused a number of seconds from 1 to 1000000.'],
    ['serve --exit-when-unused 1h', 'Give --exit-when-unused a number of seconds'],
    ['bridge --server=', 'Give --server a value, or leave it out.'],
    ['bridge --url http://evil.test', 'Give --url the origin of a gateway on this machine'],
    ['serve --frob', 'Unknown option \'--frob\'. See "throughline serve --help".'],
    ['serve extra', 'Unexpected argument \'extra\'. See "throughline serve --help".'],
    ['serve --no-token', "Unknown option '--no-token'."],
    ['export --json', "Unknown option '--json'."],
    ['serve --port', 'argument missing'],
    ['serve --json=yes', 'does not take an argument'],
    ['serve --port 65536', 'Give --port a number from 0 to 65535'],
    ['serve --port -1', 'See "throughline serve --help".'],
    ['serve --port 4820x', 'Give --port a number'],
    ['serve --config=', 'Give --config a value, or leave it out.'],
    ['serve --token=', 'Give --token a value, or leave it out.'],
    ['serve --token --json', "Option '--token' argument is ambiguous."],
    ['serve --token --port=0', "Option '--token' argument is ambiguous."],
    ['serve --token', "Option '--token <value>' argument missing."],
    ['serve --token short', 'The token from --token is too short: use at least 16 characters'],
    ['serve --token=sixteen-letters-é', 'The token from --token may hold ASCII letters'],
    ['open --url 127.0.0.1:4820', 'Give --url the origin of a gateway on this machine'],
    ['open --url http://evil.test:4820', 'Give --url the origin of a gateway on this machine'],
    ['open --url http://127.0.0.1.evil.test', 'Give --url the origin of a gateway on this machine'],
    ['open --url https://127.0.0.1:4820', 'Give --url the origin of a gateway on this machine'],
    ['open --url http://user@127.0.0.1:4820', 'Give --url the origin of a gateway on this machine'],
    ['export --trace xyz', 'Give --trace a trace id: 32 lower-case hex digits.'],
    ['export --format zip', 'Give --format one of otlp-json, otlp-jsonl, otlp-proto, session.'],
  ])('%s is refused with one sentence', (line, sentence) => {
    expect(() => parseCommandLine(line.split(' '))).toThrow(UsageError);
    expect(() => parseCommandLine(line.split(' '))).toThrow(sentence);
  });

  it('that is empty is told what to try', () => {
    expect(() => parseCommandLine([])).toThrow('for example "throughline serve"');
  });

  it('S6: cannot say that no token is needed, in any spelling', () => {
    for (const attempt of ['--no-token', '--token=', '--insecure', '--no-auth', '--token none']) {
      expect(() => parseCommandLine(['serve', ...attempt.split(' ')])).toThrow(UsageError);
    }
  });
});
