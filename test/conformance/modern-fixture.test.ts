import { beforeAll, describe, expect, it } from 'vitest';
import { startModernHttpFixture } from '../fixtures/servers/modern/http.ts';
import { tally } from './server-leg.ts';
import {
  complaints,
  MODERN_REVISION,
  runSuite,
  serverLegArguments,
  suiteRequirements,
  type SuiteRun,
} from './suite.ts';

const { server: scored, unscoredServer: unscored } = suiteRequirements(MODERN_REVISION);

/** Scenarios of `tasks-` are for servers with the tasks extension, which the fixture does not have. */
const offered = unscored.filter((name) => !name.startsWith('tasks-'));

describe(`the conformance suite's server leg of ${MODERN_REVISION} against the modern fixture itself`, () => {
  let run: SuiteRun;
  let asked: ReadonlyMap<string, number>;

  beforeAll(async () => {
    const fixture = await startModernHttpFixture();
    run = await runSuite(serverLegArguments(fixture.url, MODERN_REVISION));
    await fixture.close();
    asked = tally(fixture.requests());
  }, 300_000);

  it('is run with what the suite requires: 37 scored scenarios, and three more that the fixture has the parts for', () => {
    expect(scored).toHaveLength(37);
    expect(offered.toSorted()).toEqual([
      'http-custom-header-server-validation',
      'http-header-validation',
      'json-schema-2020-12',
    ]);
    expect([...run.scenarios.keys()].toSorted()).toEqual([...scored, ...unscored].toSorted());
  });

  it.each([...scored, ...offered])(`passes %s of ${MODERN_REVISION}`, (name) => {
    expect(complaints(run.scenarios.get(name))).toEqual([]);
  });

  it('skips nothing that is scored', () => {
    const skipped = scored.filter((name) => run.scenarios.get(name)?.some(({ status }) => status === 'SKIPPED'));
    expect(skipped).toEqual([]);
  });

  it('ends with the suite content', () => {
    expect(run.code, run.output).toBe(0);
  });

  it('reaches the fixture with the requests of the scenarios, tool by tool', () => {
    const tools = [...asked.keys()].filter((what) => what.startsWith('tools/call test_input_required_result_'));
    expect(tools).toHaveLength(8);
    expect(asked.get('prompts/get test_input_required_result_prompt')).toBe(2);
    expect(asked.get('subscriptions/listen')).toBeGreaterThan(0);
  });
});
