import { beforeAll, describe, expect, it } from 'vitest';
import {
  runDirectly,
  runThroughGateway,
  VARIANTS,
  type FixtureTransport,
  type ServerLegRun,
  type Variant,
} from './server-leg.ts';
import { complaints, REVISION, suiteRequirements, verdicts } from './suite.ts';

const { server: scored, unscoredServer: unscored } = suiteRequirements();
const scenarios = [...scored, ...unscored];

/** The whole server leg, once for each variant of the gateway, with the fixture behind it on this transport. */
export function describeServerLeg(transport: FixtureTransport): void {
  describe(`the conformance suite's server leg through the gateway, fixture over ${transport}`, () => {
    let direct: Awaited<ReturnType<typeof runDirectly>>;
    const runs = new Map<Variant, ServerLegRun>();

    const runOf = (variant: Variant): ServerLegRun => {
      const run = runs.get(variant);
      if (run === undefined) throw new Error(`The suite was not run with ${variant}.`);
      return run;
    };

    beforeAll(async () => {
      direct = await runDirectly();
      for (const variant of VARIANTS) runs.set(variant, await runThroughGateway(transport, variant));
    }, 300_000);

    it('is run with what the suite requires: 30 scored scenarios and three more', () => {
      expect(scored).toHaveLength(30);
      expect(unscored.toSorted()).toEqual(['json-schema-2020-12', 'server-session-lifecycle', 'server-sse-polling']);
      for (const run of runs.values()) expect([...run.scenarios.keys()].toSorted()).toEqual(scenarios.toSorted());
    });

    it('is passed by the fixture alone, so that a failure behind the gateway is the gateway\u2019s', () => {
      expect(direct.code, direct.output).toBe(0);
      expect(scenarios.flatMap((name) => complaints(direct.scenarios.get(name)))).toEqual([]);
    });

    describe.each(VARIANTS)('%s', (variant) => {
      it.each(scenarios)(`passes %s of ${REVISION}`, (name) => {
        expect(complaints(runOf(variant).scenarios.get(name))).toEqual([]);
      });

      it('ends with the suite content', () => {
        expect(runOf(variant).code, runOf(variant).output).toBe(0);
      });

      it('reaches the fixture with exactly the requests that reach it without a gateway', () => {
        expect(Object.fromEntries(runOf(variant).asked)).toEqual(Object.fromEntries(direct.asked));
        expect(direct.asked.size).toBeGreaterThan(20);
      });
    });

    it.each(VARIANTS.filter((variant) => variant !== 'product'))(
      'has the same verdicts with %s as the product, scenario by scenario',
      (variant) => {
        const verdictsOf = (run: ServerLegRun): readonly unknown[] =>
          scenarios.map((name) => ({ name, verdicts: verdicts(run.scenarios.get(name)) }));
        expect(verdictsOf(runOf(variant))).toEqual(verdictsOf(runOf('product')));
      },
    );

    it('leaves one whole trace for each request that reached the fixture', () => {
      const { traces, asked } = runOf('product');
      const counts = new Map<string, number>();
      for (const { target, method } of traces) {
        const what = typeof target === 'string' ? `${String(method)} ${target}` : String(method);
        counts.set(what, (counts.get(what) ?? 0) + 1);
      }
      for (const [what, count] of asked) expect({ what, traces: counts.get(what) }).toEqual({ what, traces: count });
    });

    if (transport === 'http') {
      it('takes up the stream again that the fixture drops in the middle of a call', () => {
        for (const run of runs.values()) expect(run.resumptions).toBeGreaterThan(0);
      });
    }

    it('shows the plugin every call', () => {
      const calls = [...runOf('no-op plugin').asked.values()].reduce((sum, count) => sum + count, 0);
      expect(runOf('no-op plugin').seenByPlugin).toBeGreaterThanOrEqual(calls);
      expect(runOf('tracing off').seenByPlugin).toBe(0);
    });
  });
}
