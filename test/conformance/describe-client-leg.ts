import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  complaints,
  runSuite,
  SCENARIO_TIMEOUT_MILLIS,
  suiteRequirements,
  verdicts,
  type Revision,
  type SuiteRun,
} from './suite.ts';

const VARIANTS = ['product', 'tracing-off', 'no-op-plugin'] as const;

export interface ClientLeg {
  readonly revision: Revision;
  /** What the suite runs as its client, beside this file. */
  readonly client: string;
  /** What it requires, signing in left out. */
  readonly scenarios: readonly string[];
}

/** The suite's client leg, once for each variant of the gateway between its server and an official client. */
export function describeClientLeg({ revision, client, scenarios }: ClientLeg): void {
  const file = fileURLToPath(new URL(client, import.meta.url));
  /** The suite runs the command through a shell, which splits at spaces. */
  const command = (variant: string): string => `"${process.execPath}" "${file}" ${variant}`;

  describe(`the conformance suite's client leg of ${revision} through the gateway`, () => {
    const runs = new Map<string, SuiteRun>();

    beforeAll(async () => {
      const run = async (name: string, variant: string): Promise<void> => {
        const args = ['client', '--scenario', name, '--spec-version', revision, '--timeout', SCENARIO_TIMEOUT_MILLIS];
        runs.set(`${variant} ${name}`, await runSuite([...args, '--command', command(variant)]));
      };
      for (const name of scenarios) {
        await run(name, 'product');
        await Promise.all([run(name, 'tracing-off'), run(name, 'no-op-plugin')]);
      }
    }, 300_000);

    it('is all that the suite requires of a client, but for signing in', () => {
      // Scenarios of `auth/` are for clients that sign in to servers with OAuth, which the gateway does not do.
      const required = suiteRequirements(revision).client.filter((name) => !name.startsWith('auth/'));
      expect([...scenarios].sort()).toEqual([...required].sort());
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
}
