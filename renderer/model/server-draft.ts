import { z } from 'zod';
import { serverProposalSchema } from '../../src/shared/contract/schemas.ts';
import { err, ok } from '../../src/shared/kernel/result.ts';
import type { Result } from '../../src/shared/kernel/result.ts';
import { splitCommandLine } from './command-line.ts';

/** The add-server form as it is typed. */
export interface ServerDraft {
  readonly name: string;
  readonly type: 'stdio' | 'http';
  readonly command: string;
  /** One a line. */
  readonly args: string;
  /** NAME=value, one a line. */
  readonly env: string;
  readonly cwd: string;
  readonly url: string;
  /** Name: value, one a line. */
  readonly headers: string;
}

export type DraftField = keyof ServerDraft;

export const EMPTY_DRAFT: ServerDraft = {
  name: '',
  type: 'stdio',
  command: '',
  args: '',
  env: '',
  cwd: '',
  url: '',
  headers: '',
};

export type ServerProposal = z.output<typeof serverProposalSchema>;

export type DraftErrors = Readonly<Partial<Record<DraftField, string>>>;

/** Checks the form with the contract's own schema; each error is a sentence at its field. */
export function readDraft(draft: ServerDraft): Result<ServerProposal, DraftErrors> {
  const errors: Partial<Record<DraftField, string>> = {};
  const take = (field: DraftField, map: Result<Record<string, string>, string>): Record<string, string> => {
    if (map.ok) return map.value;
    errors[field] = map.error;
    return {};
  };
  const config =
    draft.type === 'http'
      ? { type: 'http', url: draft.url.trim(), headers: take('headers', readPairs(draft.headers, ':')) }
      : {
          type: 'stdio',
          ...readCommand(draft, errors),
          env: take('env', readPairs(draft.env, '=')),
          cwd: draft.cwd.trim() === '' ? null : draft.cwd.trim(),
        };
  const parsed = serverProposalSchema.safeParse({ id: draft.name.trim(), config });
  if (!parsed.success) for (const issue of parsed.error.issues) errors[fieldOf(issue.path)] ??= issue.message;
  if (parsed.success && Object.keys(errors).length === 0) return ok(parsed.data);
  return err(errors);
}

const CONFIG_FIELDS: readonly DraftField[] = ['command', 'args', 'env', 'cwd', 'url', 'headers'];

function fieldOf(path: readonly PropertyKey[]): DraftField {
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

function readPairs(text: string, separator: '=' | ':'): Result<Record<string, string>, string> {
  const pairs: Record<string, string> = {};
  for (const line of lines(text)) {
    const at = line.indexOf(separator);
    const name = line.slice(0, at).trim();
    if (at < 1 || !/^[\w-]+$/.test(name)) {
      const example = separator === '=' ? 'NAME=value' : 'Name: value';
      // The line itself may hold a secret, so the sentence names only its form.
      return err(`Write one ${example} a line.`);
    }
    pairs[name] = line.slice(at + 1).trim();
  }
  return ok(pairs);
}

const pastedServerSchema = z.looseObject({
  type: z.string().optional(),
  command: z.string().optional(),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  cwd: z.string().optional(),
  url: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
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
  return {
    name,
    type: pasted.url === undefined ? 'stdio' : 'http',
    command: pasted.command ?? '',
    args: pasted.args.join('\n'),
    env: joinPairs(pasted.env, '='),
    cwd: pasted.cwd ?? '',
    url: pasted.url ?? '',
    headers: joinPairs(pasted.headers, ': '),
  };
}

function joinPairs(pairs: Readonly<Record<string, string>>, separator: string): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}${separator}${value}`)
    .join('\n');
}
