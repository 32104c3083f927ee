import { MAX_ITEMS } from './read-attributes.ts';
import { MAX_VALUE_DEPTH } from './wire-value.ts';

/** What is said about traces that could be read in part only. */
export const PROBLEMS = {
  traceId: 'Spans without a trace id of 16 bytes were left out.',
  spanId: 'Spans without a span id of 8 bytes were left out.',
  notASpan: 'Spans that are no objects were left out.',
  parentId: 'Parent ids that are not 8 bytes were left out, so their spans are drawn as roots.',
  linkId: 'Links without a trace id of 16 bytes and a span id of 8 were left out.',
  noStart: 'Spans without a start begin when they end.',
  noTime: 'Spans without any time are placed in 1970.',
  noEnd: 'Spans without an end are taken as ended when they began.',
  endFirst: 'Spans that end before they begin are taken as ended when they began.',
  farTime: 'Times after the year 2262 were left out.',
  depth: `Attribute values nested more than ${String(MAX_VALUE_DEPTH)} deep were cut there.`,
  items: `Of more than ${String(MAX_ITEMS)} attributes, events, links or items of a list the rest was left out; spans count it as dropped.`,
} as const;
