import { z } from 'zod';
import { serverProposalSchema } from '../../src/shared/contract/schemas.ts';
import { err, ok } from '../../src/shared/kernel/result.ts';
import type { Result } from '../../src/shared/kernel/result.ts';
import type { ServerTraits, ServerTransport, SessionMode } from '../../src/shared/domain/server.ts';
import { splitCommandLine } from './command-line.ts';
import { plural } from './format.ts';
import { isPairName, pairsOf } from './pairs.ts';
import type { Pair } from './pairs.ts';

/** The add-server form as it is typed. */
export interface ServerDraft {
  readonly name: string;
  readonly type: ServerTransport;
  readonly command: string;
  /** One a line. */
  readonly args: string;
  readonly env: readonly Pair[];
  readonly cwd: string;
  readonly url: string;
  readonly headers: readonly Pair[];
  /** Empty: the server's own name. */
  readonly prefix: string;
  /** `default` leaves it to the gateway's settings. */
  readonly session: SessionMode | 'default';
  readonly traceContext: boolean;
  /** Minutes; empty leaves it to the gateway's settings, 0 never stops it. */
  readonly idleStop: string;
}

export type DraftField = keyof ServerDraft;

export const EMPTY_DRAFT: ServerDraft = {
  name: '',
  type: 'stdio',
  command: '',
  args: '',
  env: [],
  cwd: '',
  url: '',
  headers: [],
  prefix: '',
  session: 'default',
  traceContext: true,
  idleStop: '',
};

export type ServerProposal = z.output<typeof serverProposalSchema>;

export type DraftErrors = Readonly<Partial<Record<DraftField, string>>>;

/** Checks the form with the contract's own schema; each error is a sentence at its field. */
export function readDraft(draft: ServerDraft): Result<ServerProposal, DraftErrors> {
  const errors: Partial<Record<DraftField, string>> = {};
  const take = (field: 'env' | 'headers'): Record<string, string> => {
    const map = readPairs(draft[field], field === 'env' ? 'variable' : 'header');
    if (map.ok) return map.value;
    errors[field] = map.error;
    return {};
  };
  const config =
    draft.type === 'stdio'
      ? {
          type: 'stdio',
          ...readCommand(draft, errors),
          env: take('env'),
          cwd: draft.cwd.trim() === '' ? null : draft.cwd.trim(),
          ...readTraits(draft, errors),
        }
      : { type: draft.type, url: draft.url.trim(), headers: take('headers'), ...readTraits(draft, errors) };
  const parsed = serverProposalSchema.safeParse({ id: draft.name.trim(), config });
  if (!parsed.success) for (const issue of parsed.error.issues) errors[fieldOf(issue.path)] ??= issue.message;
  if (parsed.success && Object.keys(errors).length === 0) return ok(parsed.data);
  return err(errors);
}

const MILLIS_PER_MINUTE = 60_000;

function readTraits(draft: ServerDraft, errors: Partial<Record<DraftField, string>>): ServerTraits {
  const prefix = draft.prefix.trim();
  const minutes = draft.idleStop.trim();
  if (!/^\d*$/.test(minutes)) errors.idleStop = 'Write a whole number of minutes; 0 keeps it running.';
  return {
    ...(prefix === '' ? {} : { prefix }),
    ...(draft.session === 'default' ? {} : { session: draft.session }),
    ...(draft.traceContext ? {} : { traceContext: false }),
    ...(/^\d+$/.test(minutes) ? { idleStopMs: Number(minutes) * MILLIS_PER_MINUTE } : {}),
  };
}

/** What of a proposal is not as the gateway does it by itself, each in a sentence. */
export function traitSentences({ prefix, session, traceContext, idleStopMs }: ServerTraits): readonly string[] {
  const idle = idleStopMs === undefined ? null : idleStopMs / MILLIS_PER_MINUTE;
  return [
    prefix === undefined ? '' : `Its names at /mcp begin with “${prefix}”.`,
    session === undefined
      ? ''
      : session === 'shared'
        ? 'All clients share one session with it.'
        : 'Each client gets a session with it of its own.',
    traceContext === false ? 'No trace context is sent to it.' : '',
    idle === null
      ? ''
      : idle === 0
        ? 'It is kept running when nobody uses it.'
        : `It is stopped when nobody used it for ${plural(idle, 'minute')}, until the next call.`,
  ].filter((sentence) => sentence !== '');
}

const CONFIG_FIELDS: readonly DraftField[] = ['command', 'args', 'env', 'cwd', 'url', 'headers', 'prefix'];

function fieldOf(path: readonly PropertyKey[]): DraftField {
  if (path[1] === 'idleStopMs') return 'idleStop';
  return CONFIG_FIELDS.find((field) => field === path[1]) ?? 'name';
}

/** With no arguments given, a whole command line may stand in the command field. */
function readCommand(
  draft: ServerDraft,
  errors: Partial<Record<DraftField, string>>,
): { command: string; args: string[] } {
  const args = lines(draft.args);
  const typed = draft.command.trim();
  if (args.length > 0 || !/\s/.test(typed)) return { command: typed, args };
  const words = splitCommandLine(typed);
  if (!words.ok) {
    errors.command = words.error;
    return { command: typed, args };
  }
  const [command = '', ...rest] = words.value;
  return { command, args: rest };
}

function lines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Rows left empty are none. The sentences name no value: it may be a secret. */
function readPairs(pairs: readonly Pair[], noun: 'variable' | 'header'): Result<Record<string, string>, string> {
  const map: Record<string, string> = {};
  for (const pair of pairs) {
    const name = pair.name.trim();
    if (name === '' && pair.value === '') continue;
    if (name === '') return err(`A ${noun} needs a name.`);
    if (!isPairName(name)) return err(`The name of a ${noun} is letters, digits, dashes and underscores.`);
    if (Object.hasOwn(map, name)) return err(`“${name}” is there twice.`);
    map[name] = pair.value.trim();
  }
  return ok(map);
}

const pastedServerSchema = z.looseObject({
  type: z.string().optional(),
  command: z.string().optional(),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  cwd: z.string().optional(),
  url: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  prefix: z.string().optional(),
  session: z.enum(['dedicated', 'shared']).optional().catch(undefined),
  traceContext: z.boolean().optional().catch(undefined),
  idleStopMs: z.number().optional().catch(undefined),
});

const pastedMap = z.record(z.string(), pastedServerSchema);

/** Whether pasted text looks like a configuration snippet rather than a name or a command. */
export function looksLikeConfig(text: string): boolean {
  return text.trim().startsWith('{') || /^\s*"[^"]+"\s*:\s*\{/.test(text);
}

/** Fills the form from a pasted `mcpServers` snippet with one server, with or without its outer braces. */
export function draftFromConfig(text: string): Result<ServerDraft, string> {
  let value: unknown;
  try {
    const body = text.trim().replace(/,\s*$/, '');
    value = JSON.parse(body.startsWith('{') ? body : `{${body}}`);
  } catch {
    // A broken snippet is an answer, not a fault: say so at the field.
    return err('This is not valid JSON. Paste one entry of "mcpServers".');
  }
  const outer = z.looseObject({ mcpServers: pastedMap.optional(), servers: pastedMap.optional() }).safeParse(value);
  const map = (outer.success ? (outer.data.mcpServers ?? outer.data.servers) : undefined) ?? bareMap(value);
  if (map === null) return err('No server found in this. Paste one entry of "mcpServers".');
  const entries = Object.entries(map);
  const [entry] = entries;
  if (entry === undefined) return err('No server found in this. Paste one entry of "mcpServers".');
  if (entries.length > 1) return err(`This holds ${String(entries.length)} servers. Paste one at a time.`);
  return ok(draftOf(...entry));
}

function bareMap(value: unknown): Record<string, z.output<typeof pastedServerSchema>> | null {
  const single = pastedServerSchema.safeParse(value);
  if (single.success && (single.data.command !== undefined || single.data.url !== undefined))
    return { '': single.data };
  const map = pastedMap.safeParse(value);
  return map.success ? map.data : null;
}

function draftOf(name: string, pasted: z.output<typeof pastedServerSchema>): ServerDraft {
  const { idleStopMs } = pasted;
  return {
    name,
    type: pasted.url === undefined ? 'stdio' : pasted.type === 'sse' ? 'sse' : 'http',
    command: pasted.command ?? '',
    args: pasted.args.join('\n'),
    env: pairsOf(pasted.env),
    cwd: pasted.cwd ?? '',
    url: pasted.url ?? '',
    headers: pairsOf(pasted.headers),
    prefix: pasted.prefix ?? '',
    session: pasted.session ?? 'default',
    traceContext: pasted.traceContext ?? true,
    idleStop: idleStopMs === undefined ? '' : String(Math.ceil(idleStopMs / MILLIS_PER_MINUTE)),
  };
}
