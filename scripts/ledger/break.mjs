import { availableParallelism } from 'node:os';
import { requirements } from '../../test/requirements/requirements.ts';
import { runScript, say, SetupError } from '../setup/messages.mjs';
import { createScratch } from './scratch.mjs';
import { runTest } from './run-test.mjs';

/**
 * @typedef {import('../../test/requirements/row.ts').Proven | import('../../test/requirements/row.ts').Partly} Row
 * @typedef {{ row: Row, passed: boolean, verdict: string }} Outcome
 */

/** More at once and tests with their own processes begin to run into their deadlines. */
const MAX_SCRATCHES = 2;

await runScript(async () => {
  const rows = selectRows(process.argv.slice(2));
  const outcomes = await breakAll(rows);
  const failed = outcomes.filter(({ passed }) => !passed).length;
  process.stdout.write(`${outcomes.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
});

/**
 * @param {readonly string[]} ids none: every row that has evidence
 * @returns {Row[]}
 */
function selectRows(ids) {
  const rows = requirements.filter((row) => row.state === 'proven' || row.state === 'partly');
  const unknown = ids.filter((id) => !rows.some((row) => row.id === id));
  if (unknown.length > 0)
    throw new SetupError(`Name rows that are proven or partly proven; ${unknown.join(', ')} is not.`);
  return ids.length === 0 ? rows : rows.filter((row) => ids.includes(row.id));
}

/** @param {readonly Row[]} rows */
async function breakAll(rows) {
  // Rows of one test file stay in one scratch, where the file has been seen to pass.
  const waiting = [...Map.groupBy(rows, (row) => row.test).values()];
  /** @type {Outcome[]} */
  const outcomes = [];
  const work = async () => {
    const scratch = createScratch();
    try {
      for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
        for (const row of group) {
          const outcome = await breakOne(scratch, row);
          outcomes.push(outcome);
          process.stdout.write(`${lineOf(outcome)}\n`);
        }
      }
    } finally {
      scratch.remove();
    }
  };
  const scratches = Math.min(MAX_SCRATCHES, availableParallelism(), waiting.length);
  say(`undoing ${rows.length} guards in ${scratches} copies of the tree ...`);
  await Promise.all(Array.from({ length: scratches }, work));
  return outcomes;
}

/**
 * @param {import('./scratch.mjs').Scratch} scratch
 * @param {Row} row
 * @returns {Promise<Outcome>}
 */
async function breakOne(scratch, row) {
  try {
    return await tryBreaking(scratch, row);
  } catch (thrown) {
    // One bad row must not hide what the others say.
    return { row, passed: false, verdict: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/**
 * @param {import('./scratch.mjs').Scratch} scratch
 * @param {Row} row
 * @returns {Promise<Outcome>}
 */
async function tryBreaking(scratch, row) {
  const rebuild = row.guard.rebuild === true;
  if (rebuild) await scratch.build();
  const before = await runTest(scratch.root, row.test, row.id);
  if (!before.ran) return { row, passed: false, verdict: `does not run: ${before.detail}` };
  if (!before.green) return { row, passed: false, verdict: `fails before anything is undone: ${before.detail}` };
  const restore = scratch.undo(row.guard);
  if (restore === null) return { row, passed: false, verdict: 'guards a place that is not there exactly once' };
  try {
    if (rebuild) await scratch.build();
    const after = await runTest(scratch.root, row.test, row.id, before);
    if (!after.ran)
      return { row, passed: false, verdict: `does not run any more, which proves nothing: ${after.detail}` };
    if (after.green) return { row, passed: false, verdict: 'still passes' };
    return { row, passed: true, verdict: 'fails, as it should' };
  } finally {
    restore();
    if (rebuild) await scratch.build();
  }
}

/** @param {Outcome} outcome */
function lineOf({ row, passed, verdict }) {
  return `${passed ? 'ok  ' : 'BAD '} ${row.id.padEnd(5)} ${row.test.padEnd(52)} ${row.guard.file.padEnd(44)} ${verdict}`;
}
