import { availableParallelism, cpus } from 'node:os';
import { shown, table } from '../table.ts';
import type { AdversarialTime, RedactionSpeed } from './speed.ts';

/** Of a text of a megabyte that is made to be slow. */
const MOST_MILLIS = 200;
/** The same, against a harmless text of its size. */
const MOST_RATIO = 3;
/** Of a JSON document of 100 KB. */
const MOST_DOCUMENT_MILLIS = 5;

/** The result as Markdown: the goals, then for each rule what keeps it busy longest. */
export function speedReport(speed: RedactionSpeed): string[] {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return [
    `Node ${process.versions.node}, ${availableParallelism()} x ${model}. Processor time; medians over the rounds, lowest and highest in brackets.`,
    '',
    ...table(['figure', 'measured', 'goal', ''], goalRows(speed)),
    '',
    ...table(
      ['rule', `slowest text of ${(speed.size / 1_048_576).toFixed(1)} MB`, 'ms', '/ harmless text'],
      slowestByRule(speed).map((each) => [
        each.rule,
        each.title,
        shown(each.millis, 1),
        `${(each.millis.median / speed.benign.median).toFixed(2)} x`,
      ]),
    ),
  ];
}

export function isGoalMissed(speed: RedactionSpeed): boolean {
  return goalRows(speed).some((row) => row.at(-1) === 'missed');
}

function goalRows(speed: RedactionSpeed): string[][] {
  const slowest = slowestByRule(speed)[0];
  const millis = slowest?.millis.median ?? Number.NaN;
  const ratio = millis / speed.benign.median;
  const verdict = (isMet: boolean): string => (isMet ? 'met' : 'missed');
  return [
    ['harmless text of 1 MB', `${shown(speed.benign, 1)} ms`, '-', '-'],
    [
      `slowest of ${speed.adversarial.length} texts of 1 MB made to be slow`,
      `${millis.toFixed(1)} ms`,
      `<= ${MOST_MILLIS} ms`,
      verdict(millis <= MOST_MILLIS),
    ],
    ['the same / harmless text', `${ratio.toFixed(2)} x`, `<= ${MOST_RATIO} x`, verdict(ratio <= MOST_RATIO)],
    [
      'harmless JSON of 100 KB',
      `${shown(speed.document, 2)} ms`,
      `<= ${MOST_DOCUMENT_MILLIS} ms`,
      verdict(speed.document.median <= MOST_DOCUMENT_MILLIS),
    ],
    ['usual request of 760 bytes', `${shown(speed.body, 1)} µs`, '-', '-'],
    ['usual span', `${shown(speed.span, 1)} µs`, '-', '-'],
  ];
}

/** One row for each rule, slowest first. */
function slowestByRule({ adversarial }: RedactionSpeed): readonly AdversarialTime[] {
  const slowest = new Map<string, AdversarialTime>();
  for (const each of adversarial) {
    const other = slowest.get(each.rule);
    if (other === undefined || each.millis.median > other.millis.median) slowest.set(each.rule, each);
  }
  return [...slowest.values()].toSorted((a, b) => b.millis.median - a.millis.median);
}
