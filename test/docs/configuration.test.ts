import { describe, expect, it } from 'vitest';
import { COMMAND_HELP } from '../../src/cli/help.ts';
import { EXPORT_FORMATS, parseCommandLine } from '../../src/cli/commands.ts';
import { DEFAULT_GATEWAY_SETTINGS, DEFAULT_PORT } from '../../src/runtime/config/config.ts';
import { MAX_ENDPOINTS } from '../../src/runtime/config/endpoint-entry.ts';
import {
  captureSchema,
  endpointSchema,
  fileSchema,
  httpEntrySchema,
  matchSchemas,
  memberSchema,
  retentionSchema,
  ruleSchema,
  stdioEntrySchema,
  virtualServerSchema,
} from '../../src/runtime/config/file-schema.ts';
import { readConfig } from '../../src/runtime/config/load-config.ts';
import { referenceTo, secretKey } from '../../src/runtime/secrets/secret-reference.ts';
import { tracingEntries } from '../../src/runtime/config/tracing-entry.ts';
import { DEFAULT_TRACING_SETTINGS } from '../../src/shared/domain/settings.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import {
  COMPRESSIONS,
  ENDPOINT_DEFAULTS,
  FORWARD_SAMPLINGS,
  OTLP_PROTOCOLS,
} from '../../src/shared/domain/forwarding.ts';
import { parseQuery } from '../../src/store/query/parse.ts';
import { repositoryFiles } from '../architecture/sources.ts';
import { codeIn, readPage, sectionOf, subjects, tableOf, tablesOf, type Row } from './markdown.ts';

const page = readPage('docs/configuration.md');

function gatewaySettings(): Readonly<Record<string, unknown>> {
  return fileSchema.shape.gateway.unwrap().shape;
}

/** What the file's `gateway` key would say of tracing if it said the defaults. */
function tracingDefaults(): Readonly<Record<string, unknown>> {
  const defaults: Record<string, unknown> = {};
  for (const { path, value } of tracingEntries(DEFAULT_TRACING_SETTINGS)) {
    const [top, key = '', nested] = path;
    if (top !== 'gateway') continue;
    defaults[key] = nested === undefined ? value : { ...(defaults[key] as object | undefined), [nested]: value };
  }
  return defaults;
}

/** The sentence with which a filter is refused: it lists what would do. */
function refusalOf(query: string): string {
  try {
    parseQuery(query);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : '';
  }
  throw new Error(`"${query}" was understood.`);
}

function listed(sentence: string): readonly string[] {
  const list = /: use ([a-z_, ]+? or [a-z_]+)/.exec(sentence)?.[1] ?? '';
  return list.split(/, | or /);
}

function rowOf(table: readonly Row[], subject: string): Row {
  const row = table.find((candidate) => Object.values(candidate)[0] === `\`${subject}\``);
  if (row === undefined) throw new Error(`Nothing is said about ${subject}.`);
  return row;
}

describe('docs/configuration.md', () => {
  it('R93: lists the keys of a config file, and no others', () => {
    const [stdio, http] = tablesOf(sectionOf(page, 'Servers'));
    expect([...subjects(tableOf(page, 'Top level'), 'key')].sort()).toEqual(Object.keys(fileSchema.shape).sort());
    expect([...subjects(stdio ?? [], 'key')].sort()).toEqual(Object.keys(stdioEntrySchema.shape).sort());
    expect([...subjects(http ?? [], 'key')].sort()).toEqual(Object.keys(httpEntrySchema.shape).sort());
  });

  it('R93: lists the settings of the gateway with their defaults, and no others', () => {
    const table = tableOf(page, '`gateway`');
    expect([...subjects(table, 'key')].sort()).toEqual(Object.keys(gatewaySettings()).sort());
    const defaults = table.map((row) => [codeIn(row['key'])[0], JSON.parse(codeIn(row['default'])[0] ?? '')] as const);
    expect(Object.fromEntries(defaults)).toEqual({ ...DEFAULT_GATEWAY_SETTINGS, ...tracingDefaults() });
  });

  it('R93: lists what can be set of captured messages and retention, with their defaults and bounds', () => {
    const table = tableOf(page, 'Recording and history');
    const nested = (key: string, { shape }: { readonly shape: object }): string[] =>
      Object.keys(shape).map((name) => `${key}.${name}`);
    expect([...subjects(table, 'key')].sort()).toEqual(
      [...nested('capture', captureSchema), ...nested('retention', retentionSchema)].sort(),
    );
    for (const row of table) {
      const [group = '', name = ''] = (codeIn(row['key'])[0] ?? '').split('.');
      const read = (value: unknown): object =>
        readConfig('it', JSON.stringify({ gateway: { [group]: { [name]: value } } }), {}).tracing;
      expect(read(JSON.parse(codeIn(row['default'])[0] ?? ''))).toEqual(DEFAULT_TRACING_SETTINGS);
      const range = /^(\d+) to (\d+)$/.exec(row['allowed'] ?? '');
      const [least, most] = range === null ? ['none', Array(100).fill('x')] : [Number(range[1]), Number(range[2])];
      for (const value of [least, most]) expect(read(value)).toMatchObject({ [group]: { [name]: value } });
      for (const value of range === null ? ['some', Array(101).fill('x')] : [-1, Number(range[2]) + 1])
        expect(() => read(value)).toThrow();
    }
  });

  it.each(
    tableOf(page, '`gateway`')
      .map((row) => [codeIn(row['key'])[0] ?? '', row['allowed'] ?? ''] as const)
      .filter(([, allowed]) => !allowed.startsWith('[below]')),
  )('R93: says what %s may be', (key, allowed) => {
    const read = (value: unknown): unknown => {
      const file = { gateway: { [key]: value } };
      // The reader's sentence when it is refused.
      readConfig('it', JSON.stringify(file), {});
      return fileSchema.parse(file).gateway;
    };
    const range = /(\d+) to (\d+)$/.exec(allowed);
    const words = codeIn(allowed).filter((word) => word.startsWith('"'));
    if (range !== null) {
      const [least, most] = [Number(range[1]), Number(range[2])];
      for (const value of [least, most]) expect(read(value)).toHaveProperty(key, value);
      for (const value of [least - 1, most + 1]) expect(() => read(value)).toThrow();
    } else if (words.length > 0) {
      for (const word of words) expect(read(JSON.parse(word))).toHaveProperty(key, JSON.parse(word));
      expect(() => read('something else')).toThrow(new RegExp(words.join('\\|')));
    } else if (allowed === '`true`, `false`') {
      for (const value of [true, false]) expect(read(value)).toHaveProperty(key, value);
      expect(() => read('true')).toThrow();
    } else {
      expect(allowed).toBe('1 to 8 letters, digits, `.`, `-`, `_`');
      for (const value of ['.', 'a-Z_9.bc']) expect(read(value)).toHaveProperty(key, value);
      for (const value of ['', '123456789', '/']) expect(() => read(value)).toThrow();
    }
  });

  it('shows a config file that can be read', () => {
    const example = /```jsonc\n([^]+?)```/.exec(sectionOf(page, 'Config file'))?.[1] ?? '';
    const { servers } = readConfig('example', example, { SEARCH_TOKEN: 'x' });
    expect([...servers.keys()]).toEqual(['files', 'search']);
  });

  it('R93: lists the keys of a virtual server, and shows one that can be read', () => {
    const table = tableOf(page, 'Virtual servers');
    expect([...subjects(table, 'key')].sort()).toEqual(Object.keys(virtualServerSchema.shape).sort());
    const members = codeIn(rowOf(table, 'servers')['meaning']).filter((code) => code !== 'true');
    expect(members).toEqual(Object.keys(memberSchema.shape));
    const example = /```jsonc\n([^]+?)```/.exec(sectionOf(page, 'Virtual servers'))?.[1] ?? '';
    expect([...readConfig('example', example, {}).virtualServers.keys()]).toEqual(['reading']);
  });

  it('R93: lists what redaction takes, and shows rules that can be read', () => {
    const [keys, matches, actions] = tablesOf(sectionOf(page, 'Redaction'));
    expect([...subjects(keys ?? [], 'key')].sort()).toEqual(
      Object.keys(fileSchema.shape.redaction.unwrap().shape).sort(),
    );
    expect([...subjects(matches ?? [], 'match')].sort()).toEqual(Object.keys(matchSchemas).sort());
    expect([...subjects(actions ?? [], 'action')].sort()).toEqual([...ruleSchema.shape.action.unwrap().options].sort());
    const example = /```jsonc\n([^]+?)```/.exec(sectionOf(page, 'Redaction'))?.[1] ?? '';
    const { resolved } = readConfig('example', example, { PROJECT_CODE_NAME: 'plum-kettle' }).redaction;
    expect(new Set(resolved.rules.map(({ match }) => match.type))).toEqual(new Set(Object.keys(matchSchemas)));
    expect(Object.keys(resolved.builtIn)).toEqual(['email', 'jwt']);
  });

  it('R93: lists what an endpoint takes with its defaults, and shows endpoints that can be read', () => {
    const section = sectionOf(page, 'Sending traces');
    const table = tableOf(page, 'Sending traces');
    expect([...subjects(table, 'key')].sort()).toEqual(Object.keys(endpointSchema.shape).sort());
    const { isEnabled, ...defaults } = ENDPOINT_DEFAULTS;
    const listedDefaults = table
      .filter((row) => row['default'] !== '')
      .map((row) => [codeIn(row['key'])[0], JSON.parse(codeIn(row['default'])[0] ?? '')] as const);
    expect(Object.fromEntries(listedDefaults)).toEqual({ ...defaults, enabled: isEnabled });
    for (const [key, values] of [
      ['protocol', OTLP_PROTOCOLS],
      ['compression', COMPRESSIONS],
      ['sampling', FORWARD_SAMPLINGS],
    ] as const) {
      expect(codeIn(rowOf(table, key)['meaning'])).toEqual(values.map((value) => JSON.stringify(value)));
    }
    const example = /```jsonc\n([^]+?)```/.exec(section)?.[1] ?? '';
    const { endpoints } = readConfig('example', example, { BACKEND_KEY: 'x' });
    expect([...endpoints.keys()]).toEqual(['tempo', 'failures']);
    expect(section).toContain(`There may be ${MAX_ENDPOINTS} endpoints`);
  });

  it('R93: lists the variables of OpenTelemetry that are read, and no others', () => {
    const source = readPage('src/runtime/forwarding/standard-variables.ts');
    const whole = source.match(/\bOTEL_[A-Z]+(?:_[A-Z]+)*/g) ?? [];
    const options = [...source.matchAll(/\b(?:valueOf|oneOf[^(]*)\(environment, '([A-Z_]+)'/g)].map(
      ([, option]) => `OTEL_EXPORTER_OTLP_${option}`,
    );
    const read = new Set([...whole, ...options].filter((name) => !/_OTLP$|_TRACES$/.test(name)));
    const inPage = subjects(tableOf(page, 'OpenTelemetry variables'), 'variable');
    expect([...inPage].sort()).toEqual([...read].sort());
  });

  it('shows a reference to a secret as the app writes it', () => {
    const key = secretKey('search' as ServerId, 'headers', 'Authorization');
    expect(sectionOf(page, 'Secrets')).toContain(`"Authorization": "${referenceTo(key)}"`);
  });

  it.each(Object.entries(COMMAND_HELP))('R93: lists the options of %s that its help lists', (command, help) => {
    const inHelp = [...help.matchAll(/^ {2}(--[a-z-]+)/gm)].map((match) => match[1]);
    expect([...subjects(tableOf(page, `\`${command}\``), 'option')].sort()).toEqual(inHelp.sort());
  });

  it('R93: names the default port and the formats of an export', () => {
    expect(rowOf(tableOf(page, '`serve`'), '--port')['default']).toBe(String(DEFAULT_PORT));
    expect(parseCommandLine(['serve'])).toMatchObject({ command: { port: DEFAULT_PORT } });
    const format = rowOf(tableOf(page, '`export`'), '--format');
    expect(codeIn(format['meaning'])).toEqual(EXPORT_FORMATS);
    expect(parseCommandLine(['export'])).toMatchObject({ command: { format: codeIn(format['default'])[0] } });
  });

  it('R93: lists the variables that are read, and no others', () => {
    const read = repositoryFiles()
      .filter((path) => /^(?:src|scripts|bin)\//.test(path))
      .flatMap((path) => readPage(path).match(/\b(?:THROUGHLINE|XDG)_[A-Z]+(?:_[A-Z]+)*/g) ?? []);
    expect([...subjects(tableOf(page, 'Environment variables'), 'variable')].sort()).toEqual([...new Set(read)].sort());
  });

  it('R93: lists the words of the filter, and no others', () => {
    const table = tableOf(page, 'Filter words');
    expect([...subjects(table, 'word')].sort()).toEqual([...listed(refusalOf('nonsense:x'))].sort());
    expect(codeIn(rowOf(table, 'status')['takes'])).toEqual(listed(refusalOf('status:nonsense')));
    expect(codeIn(rowOf(table, 'has')['takes'])).toEqual(listed(refusalOf('has:nonsense')));
    expect(codeIn(rowOf(table, 'era')['takes'])).toEqual(listed(refusalOf('era:nonsense')).slice(0, 2));
  });

  it('gives examples of filters that are understood', () => {
    const examples = /```\n([^]+?)```/.exec(sectionOf(page, 'Filter words'))?.[1]?.trim().split('\n') ?? [];
    expect(examples.length).toBeGreaterThan(2);
    for (const line of examples) expect(parseQuery(line.split(/ {4,}/)[0] ?? '')).not.toEqual([]);
  });
});
