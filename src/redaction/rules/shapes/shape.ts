import type { RuleGroup } from '../../../shared/domain/redaction.ts';
import type { Runs } from './alphabets.ts';

export interface Range {
  readonly start: number;
  readonly end: number;
}

interface Described {
  readonly id: string;
  readonly group: RuleGroup & ('shapes' | 'personal');
  readonly title: string;
  /** One sentence for users: what it looks for. */
  readonly explanation: string;
  /** What findings call it. */
  readonly kind: string;
  /** Whether it is on until the user says otherwise. */
  readonly isOnAtFirst: boolean;
}

/** A secret that is known by an exact text in it, mostly its beginning. */
export interface AnchoredShape extends Described {
  readonly type: 'anchored';
  /** The exact texts, without slashes and quotes, so that they are the same in JSON. One of them stands in every such secret. */
  readonly anchors: readonly string[];
  /** Whether the anchor is the beginning, where no word may stand in front. */
  readonly isPrefix: boolean;
  /** At least so many characters follow the anchor without a space or a quote. */
  readonly minimum: number;
  /** The secret around the anchor that stands at `at`, or null. Reads a bounded part of the text, or asks `runs`. */
  readonly find: (text: string, at: number, anchor: string, runs: Runs) => Range | null;
}

/** A secret that no exact text gives away: it is looked for in one pass. */
export interface ScannedShape extends Described {
  readonly type: 'scanned';
  /** In rising order. Finds in a JSON text what it finds in the strings and numbers of it. */
  readonly scan: (text: string) => readonly Range[];
}

export type Shape = AnchoredShape | ScannedShape;
