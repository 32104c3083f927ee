import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  complaints,
  REVISION,
  runSuite,
  SCENARIO_TIMEOUT_MILLIS,
  suiteRequirements,
  verdicts,
  type SuiteRun,
} from './suite.ts';

const CLIENT = fileURLToPath(new URL('./client-under-test.ts', import.meta.url));
const VARIANTS = ['product', 'tracing-off', 'no-op-plugin'] as const;

/** Scenarios of `auth/` are for clients that sign in to servers with OAuth, which the gateway does not do. */
const scenarios = suiteRequirements().client.filter((name) => !name.startsWith('auth/'));

/** The suite runs the command through a shell, which splits at spaces. */
function command(variant: string): string {
  return [process.execPath, CLIENT].map((part) => `"${part}"`).join(' ') + ` ${variant}`;
}

describe("the conformance suite's client leg through the gateway", () => {
  const runs = new Map<string, SuiteRun>();

  beforeAll(async () => {
    const run = async (name: string, variant: string): Promise<void> => {
      const args = ['client', '--scenario', name, '--spec-version', REVISION, '--timeout', SCENARIO_TIMEOUT_MILLIS];
      runs.set(`${variant} ${name}`, await runSuite([...args, '--command', command(variant)]));
    };
    for (const name of scenarios) {
      await run(name, 'product');
      await Promise.all([run(name, 'tracing-off'), run(name, 'no-op-plugin')]);
    }
  }, 300_000);

  it('is all that the suite requires of a client, but for signing in', () => {
    expect(scenarios).toEqual(['initialize', 'tools_call', 'elicitation-sep1034-client-defaults', 'sse-retry']);
  });

  describe.each(VARIANTS)('%s', (variant) => {
    it.each(scenarios)('passes %s', (name) => {
      const run = runs.get(`${variant} ${name}`);
      expect(complaints(run?.scenarios.get(name)), run?.output).toEqual([]);
      expect(run?.code, run?.output).toBe(0);
    });
  });

  it.each(VARIANTS.filter((variant) => variant !== 'product'))(
    'has the same verdicts with %s as the product',
    (variant) => {
      const checks = (of: string): readonly unknown[] =>
        scenarios.map((name) => ({ name, verdicts: verdicts(runs.get(`${of} ${name}`)?.scenarios.get(name)) }));
      expect(checks(variant)).toEqual(checks('product'));
    },
  );
});
