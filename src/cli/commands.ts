import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { DEFAULT_PORT } from '../runtime/config/config.ts';
import { isTraceId, type TraceId } from '../shared/domain/ids.ts';
import { UserError } from '../shared/kernel/user-error.ts';

export const EXPORT_FORMATS = ['otlp-json', 'otlp-jsonl', 'otlp-proto', 'session'] as const;

export interface ServeCommand {
  readonly name: 'serve';
  readonly config: string | null;
  readonly port: number;
  /** Null: take it from the environment or make one. */
  readonly token: string | null;
  readonly dataDir: string | null;
  /** The app's own directory, in place of a config file; how `npm start` runs the app without a window of its own. */
  readonly appDir: string | null;
  readonly manage: boolean;
  readonly json: boolean;
  /** How long it goes on without a client and a page; null: until it is told to stop. A bridge starts it so. */
  readonly exitWhenUnusedSeconds: number | null;
}

export interface BridgeCommand {
  readonly name: 'bridge';
  /** Null: all servers. */
  readonly server: string | null;
  readonly url: string | null;
  readonly token: string | null;
  /** Use a gateway that runs, or none. */
  readonly noStart: boolean;
}

export interface DemoCommand {
  readonly name: 'demo';
  readonly port: number;
  readonly token: string | null;
  readonly json: boolean;
}

export interface OpenCommand {
  readonly name: 'open';
  readonly url: string | null;
  readonly token: string | null;
}

export interface ExportCommand {
  readonly name: 'export';
  readonly url: string | null;
  readonly token: string | null;
  readonly trace: TraceId | null;
  /** Null: every trace. */
  readonly query: string | null;
  /** Captured bodies, too. */
  readonly payloads: boolean;
  readonly format: (typeof EXPORT_FORMATS)[number];
  readonly out: string | null;
}

export interface ImportCommand {
  readonly name: 'import';
  readonly url: string | null;
  readonly token: string | null;
  /** At least one. */
  readonly files: readonly string[];
}

export type Command = ServeCommand | BridgeCommand | DemoCommand | OpenCommand | ExportCommand | ImportCommand;
export type CommandName = Command['name'];

/** What a command line asks for. */
export type Request =
  | { readonly kind: 'run'; readonly command: Command; readonly debug: boolean }
  | { readonly kind: 'help'; readonly command: CommandName | null }
  | { readonly kind: 'version' };

/** A command line that cannot be understood; its sentence says what would be. */
export class UsageError extends UserError {}

const FREE_PORT = 0;
const MAX_PORT = 65_535;
const PLANNED = ['plugin'];

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const OPTIONS = {
  serve: {
    config: text,
    port: text,
    token: text,
    'data-dir': text,
    'app-dir': text,
    manage: flag,
    json: flag,
    'exit-when-unused': text,
  },
  bridge: { server: text, url: text, token: text, 'no-start': flag },
  demo: { port: text, token: text, json: flag },
  open: { url: text, token: text },
  export: { url: text, token: text, trace: text, query: text, payloads: flag, format: text, out: text },
  import: { url: text, token: text },
} satisfies Record<CommandName, ParseArgsOptionsConfig>;

/** Reads a command line without the program's own name. Throws a UsageError. */
export function parseCommandLine(args: readonly string[]): Request {
  const [name, ...rest] = args;
  if (name === undefined)
    throw new UsageError('Say what to do, for example "throughline serve". See "throughline --help".');
  if (name === '--help' || name === '-h' || name === 'help') return { kind: 'help', command: null };
  if (name === '--version' || name === '-v') return { kind: 'version' };
  if (PLANNED.includes(name)) throw new UsageError(`"throughline ${name}" is not available in this version.`);
  if (!isCommandName(name)) {
    const what = name.startsWith('-') ? 'option' : 'command';
    throw new UsageError(`There is no ${what} "${name}". Commands: ${Object.keys(OPTIONS).join(', ')}.`);
  }
  const { values, files } = parseOptions(name, rest);
  if (values.has('help')) return { kind: 'help', command: name };
  return { kind: 'run', command: commandOf(name, values, files), debug: values.has('debug') };
}

type Values = ReadonlyMap<string, string | boolean>;

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(OPTIONS, name);
}

interface Parsed {
  readonly values: Values;
  /** What stands on the command line beside options. */
  readonly files: readonly string[];
}

function parseOptions(name: CommandName, args: readonly string[]): Parsed {
  try {
    const options: ParseArgsOptionsConfig = { ...OPTIONS[name], help: { ...flag, short: 'h' }, debug: flag };
    const { values, positionals } = parseArgs({
      args: withDashedToken(args, options),
      options,
      strict: true,
      allowPositionals: name === 'import',
    });
    const given = Object.entries(values).flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'boolean' ? [[key, value] as const] : [],
    );
    return { values: new Map(given), files: positionals };
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    // Node explains itself in several sentences; the first says which argument it is about.
    const problem = thrown.message.split(/\.(?:\s|$)/, 1)[0] ?? '';
    throw new UsageError(`${problem}. See "throughline ${name} --help".`);
  }
}

/** A token may begin with a dash, which Node takes for an option that stands where a value is missing. */
function withDashedToken(args: readonly string[], options: ParseArgsOptionsConfig): string[] {
  const index = args.indexOf('--token');
  const token = args[index + 1];
  if (index === -1 || token?.startsWith('-') !== true || isOption(token, options)) return [...args];
  return [...args.slice(0, index), `--token=${token}`, ...args.slice(index + 2)];
}

function isOption(text: string, options: ParseArgsOptionsConfig): boolean {
  return text === '-h' || Object.keys(options).some((name) => text === `--${name}` || text.startsWith(`--${name}=`));
}

function commandOf(name: CommandName, values: Values, files: readonly string[]): Command {
  const token = tokenOf(values);
  switch (name) {
    case 'serve':
      return {
        name,
        config: textOf(values, 'config'),
        port: portOf(values, DEFAULT_PORT),
        token,
        dataDir: textOf(values, 'data-dir'),
        appDir: appDirOf(values),
        manage: values.has('manage'),
        json: values.has('json'),
        exitWhenUnusedSeconds: secondsOf(values, 'exit-when-unused'),
      };
    case 'bridge':
      return {
        name,
        server: textOf(values, 'server'),
        url: originOf(values),
        token,
        noStart: values.has('no-start'),
      };
    case 'demo':
      return { name, port: portOf(values, FREE_PORT), token, json: values.has('json') };
    case 'open':
      return { name, url: originOf(values), token };
    case 'export':
      return {
        name,
        url: originOf(values),
        token,
        ...selectionOf(values),
        payloads: values.has('payloads'),
        format: formatOf(values),
        out: textOf(values, 'out'),
      };
    case 'import':
      return { name, url: originOf(values), token, files: filesOf(files) };
  }
}

function textOf(values: Values, key: string): string | null {
  const value = values.get(key);
  if (value === '') throw new UsageError(`Give --${key} a value, or leave it out.`);
  return typeof value === 'string' ? value : null;
}

function appDirOf(values: Values): string | null {
  const appDir = textOf(values, 'app-dir');
  if (appDir !== null && values.has('config')) {
    throw new UsageError('Give --config or --app-dir, not both: the app keeps its own config.');
  }
  return appDir;
}

function portOf(values: Values, fallback: number): number {
  const value = textOf(values, 'port');
  if (value === null) return fallback;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Infinity;
  if (port > MAX_PORT) throw new UsageError(`Give --port a number from 0 to ${MAX_PORT}; 0 takes a free port.`);
  return port;
}

const MAX_SECONDS = 1_000_000;

function secondsOf(values: Values, key: string): number | null {
  const value = textOf(values, key);
  if (value === null) return null;
  const seconds = /^\d{1,7}$/.test(value) ? Number(value) : Infinity;
  if (seconds === 0 || seconds > MAX_SECONDS) {
    throw new UsageError(`Give --${key} a number of seconds from 1 to ${MAX_SECONDS}.`);
  }
  return seconds;
}

const MIN_TOKEN_LENGTH = 16;

function tokenOf(values: Values): string | null {
  const value = textOf(values, 'token');
  return value === null ? null : checkedToken(value, '--token');
}

/** A token that people chose: long enough not to be guessed, and of characters a header can carry. */
export function checkedToken(token: string, source: string): string {
  if (token.length < MIN_TOKEN_LENGTH) {
    throw new UsageError(
      `The token from ${source} is too short: use at least ${MIN_TOKEN_LENGTH} characters, or leave it out to get a random one.`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError(
      `The token from ${source} may hold ASCII letters, digits and punctuation only, without spaces.`,
    );
  }
  return token;
}

/** Loopback only: the gateway listens nowhere else, and its token must not go anywhere else. */
function originOf(values: Values): string | null {
  const value = textOf(values, 'url');
  if (value === null) return null;
  const url = URL.parse(value);
  const isLoopback = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url?.protocol !== 'http:' || !isLoopback || url.username !== '') {
    throw new UsageError('Give --url the origin of a gateway on this machine, for example http://127.0.0.1:4820.');
  }
  return url.origin;
}

function filesOf(files: readonly string[]): readonly string[] {
  if (files.length === 0)
    throw new UsageError('Name the files to import, for example "throughline import traces.json".');
  if (files.includes('')) throw new UsageError('A file name is empty: name the files to import.');
  return files;
}

function selectionOf(values: Values): Pick<ExportCommand, 'trace' | 'query'> {
  const trace = traceOf(values);
  const query = textOf(values, 'query');
  if (trace !== null && query !== null) throw new UsageError('Give --trace or --query, not both.');
  return { trace, query };
}

function traceOf(values: Values): TraceId | null {
  const value = textOf(values, 'trace');
  if (value === null || isTraceId(value)) return value;
  throw new UsageError('Give --trace a trace id: 32 lower-case hex digits.');
}

function formatOf(values: Values): ExportCommand['format'] {
  const value = textOf(values, 'format') ?? 'otlp-json';
  const format = EXPORT_FORMATS.find((candidate) => candidate === value);
  if (format === undefined) throw new UsageError(`Give --format one of ${EXPORT_FORMATS.join(', ')}.`);
  return format;
}
