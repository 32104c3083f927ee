import { NOT_FOUND_GROUP, isHarmless, plantedSecrets, readCorpus, readGroup } from '../../redaction/corpus.ts';
import type { CorpusCase } from '../../redaction/corpus.ts';
import { redactCase, redactorFor } from '../../redaction/corpus-run.ts';
import type { OtherRedactor } from './other-redactors.ts';

/** How the corpus came out of each tool; `test/bench/redaction/comparison.json` is one of these. */
export interface Comparison {
  readonly tools: readonly Described[];
  /** In the order of the tools: how many of the planted secrets are no longer there. */
  readonly groups: readonly GroupResult[];
  /** How many of the cases in which nothing is to be hidden came out changed. */
  readonly harmless: { readonly cases: number; readonly changed: readonly number[] };
}

interface Described {
  readonly name: string;
  readonly licence: string;
  readonly purpose: string;
}

interface GroupResult {
  readonly group: string;
  readonly secrets: number;
  readonly gone: readonly number[];
}

interface Tool extends Described {
  redact(each: CorpusCase): Promise<string>;
  /** What it gives back for a case in which it finds nothing. */
  unchanged(each: CorpusCase): string;
}

export const PERSONAL_GROUP = 'personal';

/** Puts the same texts through our redactor and others. */
export async function compareRedactors(others: readonly OtherRedactor[]): Promise<Comparison> {
  const cases = [...readCorpus(), ...readGroup(NOT_FOUND_GROUP)].filter(isForAll);
  const tools = [OURS, ...others.map(toolOf)];
  const harmless = cases.filter((each) => isHarmless(each) && !holdsPersonalData(each));
  const groups: GroupResult[] = [];
  for (const [group, members] of byGroup(cases.filter((each) => !isHarmless(each))))
    groups.push(await countGone(group, members, tools));
  return {
    tools: tools.map(({ name, licence, purpose }) => ({ name, licence, purpose })),
    groups,
    harmless: { cases: harmless.length, changed: await countChanged(harmless, tools) },
  };
}

const OURS: Tool = {
  name: 'Throughline',
  licence: 'MIT',
  purpose: 'hides what is secret in MCP traffic, before it is recorded',
  redact: (each) => Promise.resolve(redactCase(each, each.input).text),
  unchanged: ({ input }) => input,
};

function toolOf({ name, licence, purpose, redact, unchanged }: OtherRedactor): Tool {
  return {
    ...{ name, licence, purpose },
    redact: (each) => redact(each.input, attributeOf(each)),
    unchanged: (each) => unchanged(each.input, attributeOf(each)),
  };
}

function attributeOf({ options }: CorpusCase): string | null {
  return options.as?.startsWith('attribute:') === true ? options.as.slice('attribute:'.length) : null;
}

/** What others cannot know is no part of it: rules of the user's own, and values that the gateway was told. */
function isForAll({ group, options }: CorpusCase): boolean {
  return options.known === undefined && (options.policy === undefined || group === PERSONAL_GROUP);
}

const PERSONAL_RULES = { email: { enabled: true }, phone: { enabled: true }, iban: { enabled: true } };

/** Tools for personal data are right to change these. */
function holdsPersonalData({ input }: CorpusCase): boolean {
  return redactorFor({ policy: { rules: [], builtIn: PERSONAL_RULES } }).text(input) !== redactorFor({}).text(input);
}

function byGroup(cases: readonly CorpusCase[]): ReadonlyMap<string, readonly CorpusCase[]> {
  return Map.groupBy(cases, ({ group }) => group);
}

async function countGone(group: string, cases: readonly CorpusCase[], tools: readonly Tool[]): Promise<GroupResult> {
  const planted = cases.map((each) => ({ each, secrets: plantedSecrets(each) ?? [] }));
  const gone: number[] = [];
  for (const tool of tools) {
    let count = 0;
    for (const { each, secrets } of planted) {
      const left = await tool.redact(each);
      // As it is written inside a document, too.
      count += secrets.filter((secret) => !left.includes(secret) && !left.includes(asJson(secret))).length;
    }
    gone.push(count);
  }
  return { group, secrets: planted.reduce((sum, { secrets }) => sum + secrets.length, 0), gone };
}

function asJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

async function countChanged(cases: readonly CorpusCase[], tools: readonly Tool[]): Promise<readonly number[]> {
  const changed: number[] = [];
  for (const tool of tools) {
    let count = 0;
    for (const each of cases) if ((await tool.redact(each)) !== tool.unchanged(each)) count += 1;
    changed.push(count);
  }
  return changed;
}
