import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/store/schema/migrations.ts';
import { parseQuery } from '../../../src/store/query/parse.ts';
import { RemovedLog } from '../../../src/store/worker/removed-log.ts';
import { StoreTotals } from '../../../src/store/worker/store-totals.ts';
import { TraceList } from '../../../src/store/worker/trace-list.ts';

function refusalOf(query: string): string {
  try {
    parseQuery(query);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : '';
  }
  throw new Error(`"${query}" was understood.`);
}

class RecordingDatabase extends DatabaseSync {
  readonly prepared: string[] = [];

  override prepare(sql: string): StatementSync {
    this.prepared.push(sql);
    return super.prepare(sql);
  }
}

function planOf(run: (list: TraceList) => void): string[] {
  const database = new RecordingDatabase(':memory:');
  migrate(database);
  const totals = new StoreTotals(database, { bytes: 1, traces: 0, days: 0 });
  for (let revision = 0; revision < 10; revision += 1) totals.nextRevision();
  run(new TraceList(database, totals, new RemovedLog(0)));
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${database.prepared.at(-1) ?? ''}`).all();
  return plan.map((step) => String(step['detail']));
}

describe('R90: trace list queries use an index and do not read or sort all traces', () => {
  it('the default list walks the index on start time', () => {
    expect(planOf((list) => list.list('', 100))).toEqual(['SCAN t USING INDEX traces_by_start']);
  });

  it('a list filtered by status walks the index on status', () => {
    expect(planOf((list) => list.list('status:error', 100))).toEqual([
      'SEARCH t USING INDEX traces_by_status (status=?)',
    ]);
  });

  it('a list of recent traces reads those only', () => {
    expect(planOf((list) => list.list('since:10m', 100))).toEqual([
      'SEARCH t USING INDEX traces_by_start (start_time>?)',
    ]);
  });

  it('a trace id is looked up', () => {
    expect(planOf((list) => list.list('trace:4bf9', 100))[0]).toContain('(trace_id>? AND trace_id<?)');
  });

  const EXAMPLES = {
    bytes: 'bytes:>1kb',
    client: 'client:x',
    dur: 'dur:>1s',
    era: 'era:modern|2025',
    has: 'has:exception',
    method: 'method:x',
    name: 'name:x',
    redacted: 'redacted:>0',
    server: 'server:=x',
    service: 'service:x',
    since: 'since:1m',
    span: 'span:x',
    status: 'status:error|pending',
    stopped_by: 'stopped_by:x',
    tool: 'tool:x|y',
    trace: 'trace:4bf9',
    upkeep: 'upkeep:health',
  };

  it('knows an example of every key of the filter', () => {
    const known = /: use ([a-z_, ]+? or [a-z_]+)/.exec(refusalOf('nonsense:x'))?.[1]?.split(/, | or /);
    expect(Object.keys(EXAMPLES).sort()).toEqual(known?.sort());
  });

  it.each([
    ...Object.values(EXAMPLES),
    ...Object.values(EXAMPLES).map((word) => `-${word}`),
    'word',
    '-word',
    'word tool:x',
  ])('with %s it goes from the newest on, or straight to what matches, and stops when it has enough', (query) => {
    const plan = planOf((list) => list.list(query, 100));
    // Through an index: the order is that of the answer, so nothing is gathered before it is sorted.
    expect(plan[0]).toMatch(/^(?:SCAN|SEARCH) t USING INDEX|^MULTI-INDEX OR/);
    const inOrder = plan[0]?.startsWith('SCAN') === true;
    if (inOrder) expect(plan.join()).not.toContain('ORDER BY');
    // Of bodies and values, never all.
    for (const step of plan.slice(1)) expect(step).not.toMatch(/^SCAN/);
  });

  it('a feed reads what changed, whatever the query', () => {
    for (const query of ['', 'status:error', 'tool:echo', 'word']) {
      expect(planOf((list) => list.feed(1, query, 100))[0]).toBe(
        'SEARCH t USING INDEX traces_by_revision (revision>?)',
      );
    }
  });
});
