import type { Era, Upstream } from './combinations.ts';

/** What a client comes to see of one feature. After `no: ` stands why not. */
export type Outcome = 'yes' | 'as `input_required`' | 'by `subscriptions/listen`' | `no: ${string}`;

/** The same over stdio and over HTTP, unless it says otherwise. */
export type Outcomes = Outcome | Readonly<Record<Upstream, Outcome>>;

/** Client first: `modernToLegacy` is a modern client of a legacy server. */
export type Direction = `${Era}To${Capitalize<Era>}`;

export interface Row extends Readonly<Record<Direction, Outcomes>> {
  /** What the page calls it. */
  readonly title: string;
}

/** What the gateway shows a server without, and refuses when it is asked for all the same. */
export const NOT_OFFERED = 'no: not offered';

/** Nobody may be shown what may have been meant for another. */
export const SHARED_PROCESS = 'no: only while one client uses it';

const everywhere = (title: string): Row => ({
  title,
  legacyToLegacy: 'yes',
  modernToLegacy: 'yes',
  legacyToModern: 'yes',
  modernToModern: 'yes',
});

/** What a server asks of its client, which each era asks in its own way. */
const question = (title: string): Row => ({
  title,
  legacyToLegacy: 'yes',
  modernToLegacy: 'as `input_required`',
  legacyToModern: 'yes',
  modernToModern: 'as `input_required`',
});

const news = (title: string): Row => ({
  title,
  legacyToLegacy: 'yes',
  modernToLegacy: 'by `subscriptions/listen`',
  legacyToModern: 'yes',
  modernToModern: 'by `subscriptions/listen`',
});

/**
 * What works between which eras. The tests see each of these cells through a gateway, over each upstream, and docs/eras.md
 * shows them: nothing is written there that was not seen.
 */
export const ROWS = {
  tools: everywhere('tools: list, call'),
  toolsAmongOthers: everywhere('the same at `/mcp`'),
  prompts: everywhere('prompts: list, get'),
  resources: everywhere('resources: list, templates, read'),
  completion: everywhere('completion'),
  toolErrors: everywhere('errors of tools'),
  protocolErrors: everywhere('errors of the protocol'),
  progress: everywhere('progress'),
  cancelling: everywhere('cancelling a call'),
  logging: {
    ...everywhere('log messages of a call'),
    legacyToModern: { stdio: SHARED_PROCESS, http: 'yes' },
    modernToModern: { stdio: SHARED_PROCESS, http: 'yes' },
  },
  elicitation: question('elicitation'),
  sampling: question('sampling'),
  roots: question('roots'),
  toolNews: news('news of the list of tools'),
  promptNews: news('news of the list of prompts'),
  resourceNews: news('news of a resource'),
} as const satisfies Readonly<Record<string, Row>>;

export type Feature = keyof typeof ROWS;

export const FEATURES = Object.keys(ROWS) as readonly Feature[];

export function outcomeOf(feature: Feature, client: Era, server: Era, upstream: Upstream): Outcome {
  const row: Row = ROWS[feature];
  const direction: Direction = `${client}To${server === 'legacy' ? 'Legacy' : 'Modern'}`;
  const outcomes = row[direction];
  return typeof outcomes === 'string' ? outcomes : outcomes[upstream];
}
