import type { Hit } from '../hits.ts';

/** What the finder of the text knows about it. */
export interface TextScope {
  /** The whole text is a query string or a form, so that its very beginning is a parameter's name. */
  readonly isQuery: boolean;
  /** Where the JSON document that begins at this offset ends; undefined when none begins there. */
  readonly jsonEnd: (start: number) => number | undefined;
}

/**
 * Finds secrets between `from` and `to`; JSON documents inside a text are not part of any such gap. Must be linear in
 * the length of the gap: a rule never reads the same character more than a fixed number of times.
 */
export type TextRule = (text: string, from: number, to: number, hits: Hit[], scope: TextScope) => void;
