import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../src/shared/domain/redacted.ts';
import type { RedactionPolicy } from '../../src/shared/domain/redaction.ts';

/** What a finding says, without what depends on the key of the run. */
export type ExpectedFinding = Pick<Finding, 'rule' | 'kind' | 'path' | 'start' | 'end'>;

/** `<case>.options.json`, for the few that need it. */
export interface CaseOptions {
  /** `text` is one line; `attribute:NAME` is the value of a span's attribute. A body by default. */
  readonly as?: 'payload' | 'text' | `attribute:${string}`;
  readonly policy?: RedactionPolicy;
  /** What the gateway knows to be secret. */
  readonly known?: readonly string[];
}

export interface CorpusCase {
  /** `<group>/<case>`. */
  readonly id: string;
  readonly group: string;
  /** What the case is one of: its name without the number behind it. */
  readonly pattern: string;
  readonly input: string;
  readonly output: string;
  readonly findings: readonly ExpectedFinding[];
  readonly options: CaseOptions;
}

/** What stands in an output in place of a secret; that of a session id has a hash behind it. */
const MASK = /•••(?:#[0-9a-f]{8})?/;

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'redaction');

/** What no rule finds, written down all the same; not part of what must hold. */
export const NOT_FOUND_GROUP = 'not-found';

/** All cases under test/fixtures/redaction, by id; `not-found` only when it is asked for. */
export function readCorpus(): readonly CorpusCase[] {
  return groups()
    .filter((group) => group !== NOT_FOUND_GROUP)
    .flatMap(readGroup);
}

export function readGroup(group: string): readonly CorpusCase[] {
  return readdirSync(join(FOLDER, group))
    .filter((file) => file.endsWith('.in'))
    .sort()
    .map((file) => readCase(group, file.slice(0, -'.in'.length)));
}

function groups(): readonly string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function readCase(group: string, name: string): CorpusCase {
  const base = join(FOLDER, group, name);
  const read = (ending: string): string => readFileSync(`${base}.${ending}`, 'utf8');
  return {
    id: `${group}/${name}`,
    group,
    pattern: `${group}/${name.replace(/-\d+$/, '')}`,
    input: read('in'),
    output: read('out'),
    findings: JSON.parse(read('findings.json')) as ExpectedFinding[],
    options: existsSync(`${base}.options.json`) ? (JSON.parse(read('options.json')) as CaseOptions) : {},
  };
}

/** Nothing in it is to be hidden. */
export function isHarmless({ findings }: CorpusCase): boolean {
  return findings.length === 0;
}

/**
 * The secrets that were planted in a case: what its input has where its output has masks. Null where the two differ in
 * something else as well, so that they cannot be laid over each other.
 */
export function plantedSecrets({ input, output, findings }: CorpusCase): readonly string[] | null {
  if (findings.length === 0) return output === input ? [] : null;
  const kept = output.split(MASK);
  if (kept.length - 1 !== findings.length) return null;
  const pattern = kept.map((part) => escaped(part)).join('([^]+?)');
  const laidOver = new RegExp(`^${pattern}$`).exec(input) ?? new RegExp(`^${withoutQuotes(kept)}$`).exec(input);
  return laidOver?.slice(1) ?? null;
}

const OPTIONAL_QUOTE = '(?:\\\\?")?';

/** A hidden number stands in quotes that its document does not have. */
function withoutQuotes(kept: readonly string[]): string {
  return kept
    .map((part, index) => {
      const bare = index === 0 ? part : part.replace(/^\\?"/, '');
      const isLast = index === kept.length - 1;
      const end = isLast ? bare : bare.replace(/\\?"$/, '');
      const before = index === 0 || bare === part ? '' : OPTIONAL_QUOTE;
      const behind = isLast || end === bare ? '' : OPTIONAL_QUOTE;
      return `${before}${escaped(end)}${behind}`;
    })
    .join('([^]+?)');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
