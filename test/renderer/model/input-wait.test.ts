import { describe, expect, it } from 'vitest';
import {
  askedOf,
  inputWaits,
  isInputWait,
  waitingSince,
  waitLabel,
  waitOutcome,
  waitSentence,
} from '../../../renderer/model/input-wait.ts';
import { formatClock } from '../../../renderer/model/format.ts';
import { spanSubject } from '../../../renderer/model/span-label.ts';
import { buildSpanTree } from '../../../renderer/model/span-tree.ts';
import { spanStatus, traceStatus } from '../../../renderer/model/status.ts';
import { makeSpan, makeSummary, type SpanWish } from '../../support/make-trace.ts';

const USER = 'elicitation/create';
const MODEL = 'sampling/createMessage';
const FOLDERS = 'roots/list';

function wait(methods: readonly string[], rest: Partial<SpanWish> = {}) {
  const { attributes, ...wish } = rest;
  return makeSpan({
    id: 3,
    name: 'mcp.input.wait',
    start: 4,
    end: 12_404,
    ...wish,
    attributes: { 'throughline.input.methods': methods, ...attributes },
  });
}

const unanswered = (methods: readonly string[]) => wait(methods, { attributes: { 'error.type': 'cancelled' } });
const open = (methods: readonly string[]) => wait(methods, { end: null });

describe('a wait for a client', () => {
  it('is a span that says what was asked for, and no other', () => {
    expect(isInputWait(wait([USER]))).toBe(true);
    expect(isInputWait(makeSpan({ id: 1, name: 'mcp.input.wait' }))).toBe(false);
  });

  it('is named by who is waited for, each once, and in the past when it is over', () => {
    expect(waitLabel(open([USER]))).toBe('waits for the user');
    expect(waitLabel(wait([USER]))).toBe('waited for the user');
    expect(waitLabel(open([MODEL]))).toBe('waits for the model');
    expect(waitLabel(open([FOLDERS]))).toBe('waits for the client’s folders');
    expect(waitLabel(open([USER, MODEL, FOLDERS]))).toBe('waits for the user, the model and the client’s folders');
    expect(waitLabel(open(['tasks/x', 'tasks/y']))).toBe('waits for the client');
    expect(waitLabel(open([]))).toBe('waits for the client');
    expect(spanSubject(open([USER]))).toBe('waits for the user');
  });

  it('wears the sign of who is asked, and one of its own for several', () => {
    expect([[USER], [MODEL], [FOLDERS], [USER, MODEL], []].map((methods) => askedOf(wait(methods)))).toEqual([
      'user',
      'model',
      'folders',
      'several',
      'several',
    ]);
  });

  it('is told in one sentence: what was asked, and what came of it', () => {
    expect(waitSentence(wait([USER]))).toBe('The server asked the user a question; the answer came after 12.4 s.');
    expect(waitSentence(wait([FOLDERS, MODEL]))).toBe(
      'The server asked the client for its folders and asked the client’s model for words; the answers came after 12.4 s.',
    );
    expect(waitSentence(unanswered([USER]))).toBe(
      'The server asked the user a question; nobody answered, and the wait ended after 12.4 s.',
    );
    const since = formatClock(open([USER]).startTime).slice(0, 8);
    expect(waitSentence(open([USER]))).toBe(
      `The server asked the user a question at ${since}; the answer has not come yet.`,
    );
  });

  it('is waiting, then done, or cancelled where nobody answered', () => {
    expect([open([USER]), wait([USER]), unanswered([USER])].map(waitOutcome)).toEqual([
      'waiting',
      'answered',
      'unanswered',
    ]);
    expect([open([USER]), wait([USER]), unanswered([USER])].map(spanStatus)).toEqual(['waiting', 'ok', 'cancelled']);
    expect(waitOutcome(wait([USER], { error: 'Throughline stopped.' }))).toBe('unanswered');
  });

  it('is found in a tree, and since when anything is waited for', () => {
    const root = makeSpan({ id: 0, name: 'POST /mcp', end: 5 });
    const over = wait([USER], { id: 1, parent: 0, start: 1, end: 2 });
    const later = wait([USER], { id: 2, parent: 0, start: 9, end: null });
    const first = wait([MODEL], { id: 3, parent: 0, start: 7, end: null });
    expect(waitingSince(inputWaits(buildSpanTree([root, over])))).toBeNull();
    const waits = inputWaits(buildSpanTree([root, over, later, first]));
    expect(waits).toHaveLength(3);
    expect(waitingSince(waits)).toBe(first.startTime);
  });
});

describe('a trace whose client is waited for', () => {
  it('is neither running nor done', () => {
    expect(traceStatus(makeSummary({ took: null, waitsFor: [USER] }))).toBe('waiting');
    expect(traceStatus(makeSummary({ took: null }))).toBe('pending');
    expect(traceStatus(makeSummary({ waitedMs: 4 }))).toBe('ok');
  });
});
