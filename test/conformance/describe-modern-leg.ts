import { beforeAll, describe, expect, it } from 'vitest';
import { runThroughGateway, VARIANTS, type FixtureTransport, type ServerLegRun, type Variant } from './server-leg.ts';
import { complaints, MODERN_REVISION, suiteRequirements, verdicts } from './suite.ts';

const { server: scenarios } = suiteRequirements(MODERN_REVISION);

/**
 * The server leg of 2026-07-28, once for each variant of the gateway, with a fixture on this transport that knows no other
 * era.
 */
export function describeModernLeg(transport: FixtureTransport): void {
  describe(`the conformance suite of ${MODERN_REVISION} through the gateway, modern fixture over ${transport}`, () => {
    const runs = new Map<Variant, ServerLegRun>();

    const runOf = (variant: Variant): ServerLegRun => {
      const run = runs.get(variant);
      if (run === undefined) throw new Error(`The suite was not run with ${variant}.`);
      return run;
    };

    beforeAll(async () => {
      for (const variant of VARIANTS) runs.set(variant, await runThroughGateway(transport, variant, MODERN_REVISION));
    }, 300_000);

    it('is run with what the suite requires: 37 scored scenarios', () => {
      expect(scenarios).toHaveLength(37);
    });

    describe.each(VARIANTS)('%s', (variant) => {
      it.each(scenarios)('passes %s', (name) => {
        expect(complaints(runOf(variant).scenarios.get(name))).toEqual([]);
      });

      it('reaches the fixture with the calls of the scenarios', () => {
        const tools = [...runOf(variant).asked.keys()].filter((what) => what.startsWith('tools/call test_'));
        expect(tools.length).toBeGreaterThan(15);
      });
    });

    it.each(VARIANTS.filter((variant) => variant !== 'product'))('has the same verdicts with %s', (variant) => {
      const verdictsOf = (run: ServerLegRun): readonly unknown[] =>
        scenarios.map((name) => ({ name, verdicts: verdicts(run.scenarios.get(name)) }));
      expect(verdictsOf(runOf(variant))).toEqual(verdictsOf(runOf('product')));
    });

    it('shows the plugin the calls', () => {
      expect(runOf('no-op plugin').seenByPlugin).toBeGreaterThan(50);
    });
  });
}
