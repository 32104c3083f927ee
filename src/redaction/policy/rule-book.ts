import type { RedactionAction, RedactionPolicy, RuleView, UserRule } from '../../shared/domain/redaction.ts';
import { replacementFor } from '../forms.ts';
import type { Hit } from '../hits.ts';
import { findAuthSchemes } from '../rules/auth-scheme.ts';
import { findCurlOptions, findNetrcPasswords, findStatements } from '../rules/commands.ts';
import { findFlags } from '../rules/flags.ts';
import { createKnownSecretsRule } from '../rules/known-secrets.ts';
import { findLabels } from '../rules/labels.ts';
import { findElements } from '../rules/markup.ts';
import { createNames } from '../rules/names.ts';
import type { Names } from '../rules/names.ts';
import type { TextRule } from '../rules/rule.ts';
import { SHAPES } from '../rules/shapes/all-shapes.ts';
import { createShapeFinder } from '../rules/shapes/find-shapes.ts';
import { findParameters, findUserinfo } from '../rules/url.ts';
import { createPatternRule } from '../rules/user-pattern.ts';
import type { Screening } from '../screen/screen.ts';
import { BUILT_IN_RULES } from './built-in-rules.ts';
import { checkPolicy } from './check-policy.ts';
import { createPaths, namesInPath } from './paths.ts';
import type { Paths } from './paths.ts';

/** A policy, ready to be used by the engine. */
export interface RuleBook {
  readonly names: Names;
  /** Null when the user has no rules for paths. */
  readonly paths: Paths | null;
  readonly shortestNumber: number;
  /** They need a name or a mark in front of what they hide. */
  readonly namingRules: readonly TextRule[];
  /** They know what they hide by what it is. */
  readonly valueRules: readonly TextRule[];
  /** What the screen in front of the engine has to look for. */
  readonly screening: Screening;
  readonly views: readonly RuleView[];
  /** Says of each hit what stands in its place. */
  dress(hits: Hit[]): readonly Hit[];
  /** What is done with what a rule finds now; null for a rule that there is no longer, or that is off. */
  actionOf(rule: string, kind: string): RedactionAction | null;
}

export interface RuleBookOptions {
  readonly knownSecrets: ReadonlySet<string>;
  /** The keyed hash of a secret, as in findings. */
  readonly hashOf: (secret: string) => string;
}

/** Session ids can be followed without being told (R16), unless the user wants something else. */
const FOLLOWED_KIND = 'session-id';

/** Shorter numbers are no secrets by themselves. */
const SHORTEST_NUMBER = 8;

/** Throws a UserError that names the rule that cannot be used. */
export function createRuleBook(policy: RedactionPolicy, { knownSecrets, hashOf }: RuleBookOptions): RuleBook {
  checkPolicy(policy);
  const user = sortUserRules(policy.rules);
  const views = [...BUILT_IN_RULES.map((rule) => builtInView(rule, policy)), ...policy.rules.map(userView)];
  const on = new Map(views.filter((view) => view.isOn).map((view) => [view.id, view.action]));
  const isChosen = (rule: string): boolean =>
    policy.builtIn[rule]?.action !== undefined || policy.rules.some(({ id }) => id === rule);
  const finder = createShapeFinder(SHAPES.filter(({ id }) => on.has(id)));
  const patterns = user.patterns.map(createPatternRule);

  function actionOf(rule: string, kind: string): RedactionAction | null {
    const action = on.get(rule) ?? null;
    return action !== null && kind === FOLLOWED_KIND && !isChosen(rule) ? 'hash' : action;
  }

  return {
    names: createNames(user.keys, user.headers),
    paths: createPaths(user.paths),
    shortestNumber: patterns.length > 0 || user.values.length > 0 ? 1 : SHORTEST_NUMBER,
    namingRules: [
      findUserinfo,
      ...(on.has('url-query') ? [findParameters] : []),
      findLabels,
      ...(on.has('flag') ? [findFlags] : []),
      findStatements,
      ...(on.has('curl-user') ? [findCurlOptions] : []),
      ...(on.has('markup') ? [findElements] : []),
      findAuthSchemes,
    ],
    valueRules: [
      createKnownSecretsRule(knownSecrets, user.values),
      finder.find,
      ...(on.has('netrc') ? [findNetrcPasswords] : []),
      ...patterns,
    ],
    screening: {
      knownSecrets,
      userValues: user.values.map(({ value }) => value),
      words: wordsToLookFor(user),
      shapes: finder,
      letsNothingThrough: patterns.length > 0,
    },
    views,
    actionOf,
    dress(hits) {
      for (const [index, hit] of hits.entries()) {
        const action = actionOf(hit.rule, hit.kind) ?? 'mask';
        if (action === 'mask') continue;
        hits[index] = { ...hit, replacement: replacementFor(action, hit.secret, () => hashOf(hit.secret)) };
      }
      return hits;
    },
  };
}

type UserRules = ReturnType<typeof sortUserRules>;

function sortUserRules(rules: readonly UserRule[]) {
  return {
    keys: rules.flatMap(({ id, match }) => (match.type === 'key' ? [{ rule: id, name: match.name }] : [])),
    headers: rules.flatMap(({ id, match }) => (match.type === 'header' ? [{ rule: id, name: match.name }] : [])),
    paths: rules.flatMap(({ id, match }) => (match.type === 'path' ? [{ rule: id, path: match.path }] : [])),
    values: rules.flatMap(({ id, match }) => (match.type === 'value' ? [{ rule: id, value: match.value }] : [])),
    patterns: rules.flatMap(({ id, match }) =>
      match.type === 'pattern' ? [{ rule: id, pattern: match.pattern }] : [],
    ),
  };
}

/** A part of each name, so that a text without any of them holds nothing for the user's rules for names. */
function wordsToLookFor({ keys, headers, paths }: UserRules): readonly string[] {
  return [
    ...[...keys, ...headers].map(({ name }) => longestWord(name)),
    // An index stands in no text.
    ...paths.map((path) => namesInPath(path).findLast((name) => !/^\d+$/.test(name)) ?? ''),
  ];
}

/** Letters only: a digit may be percent-encoded where no one looks for it. A name without any gives nothing to look for. */
function longestWord(name: string): string {
  if (/[^\x20-\x7e]/.test(name)) return '';
  const words = name.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

function builtInView(rule: (typeof BUILT_IN_RULES)[number], { builtIn }: RedactionPolicy): RuleView {
  const { id, group, title, explanation, isOnAtFirst, canBeTurnedOff } = rule;
  const choice = builtIn[id];
  const isOn = choice?.enabled ?? isOnAtFirst;
  return { id, group, title, explanation, isOn, canBeTurnedOff, action: choice?.action ?? 'mask', match: null };
}

function userView({ id, match, action }: UserRule): RuleView {
  const view = { id, group: 'yours', title: id, isOn: true, canBeTurnedOff: true, action, match } as const;
  return { ...view, explanation: explanationOf(match) };
}

function explanationOf(match: UserRule['match']): string {
  switch (match.type) {
    case 'key':
      return `Hides the value under every key, attribute or label that holds the words ${match.name}.`;
    case 'path':
      return `Hides what stands at ${match.path} in JSON.`;
    case 'header':
      return `Hides the value of the HTTP header ${match.name}.`;
    case 'value':
      return 'Hides one exact text wherever it stands, and its encodings.';
    case 'pattern':
      return `Hides what matches ${match.pattern}.`;
  }
}
