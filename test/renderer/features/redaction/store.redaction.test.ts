import { describe, expect, it } from 'vitest';
import {
  createRedactionStore,
  selectGeneration,
  takenIds,
} from '../../../../renderer/features/redaction/store.redaction.ts';
import { describeFailure } from '../../../../renderer/bridge/failure.ts';
import { withBuiltIn, withRule } from '../../../../renderer/model/rule-draft.ts';
import { createMemoryBridge } from '../../../support/memory-bridge.ts';
import { until } from '../../until.ts';

const RULE = { id: 'iban', match: { type: 'key', name: 'iban' }, action: 'mask' } as const;

describe('what the window knows of redaction', () => {
  it('follows rules, counts and what goes on', async () => {
    const bridge = createMemoryBridge();
    const redaction = createRedactionStore(bridge);
    const stop = redaction.start();
    const { feed } = await until(redaction.store, (state) => state.feed !== null);
    expect(feed?.rules.length).toBeGreaterThan(10);
    bridge.redaction.setHits({ jwt: 3 });
    await until(redaction.store, (state) => state.feed?.rules.some((rule) => rule.hits === 3) === true);
    bridge.redaction.setRevealing(1_000);
    await until(redaction.store, (state) => state.feed?.revealingSince === 1_000);
    stop();
  });

  it('saves rules as they were with the one change, so that no other is lost', async () => {
    const bridge = createMemoryBridge();
    bridge.redaction.setPolicy({ rules: [RULE], builtIn: { jwt: { action: 'drop' } } });
    const redaction = createRedactionStore(bridge);
    const stop = redaction.start();
    await until(redaction.store, (state) => state.feed !== null);
    await redaction.change((policy) => withBuiltIn(policy, 'email', { enabled: true }));
    expect(bridge.redaction.policy).toEqual({
      rules: [RULE],
      builtIn: { jwt: { action: 'drop' }, email: { enabled: true } },
    });
    stop();
  });

  it('never saves over rules that it has not seen', async () => {
    const bridge = createMemoryBridge();
    bridge.redaction.setPolicy({ rules: [RULE], builtIn: {} });
    const redaction = createRedactionStore(bridge);
    await expect(redaction.change((policy) => policy)).rejects.toThrow();
    expect(bridge.redaction.policy.rules).toEqual([RULE]);
    expect(bridge.calls).toEqual([]);
  });

  it('passes on the sentence with which the host refuses a rule', async () => {
    const bridge = createMemoryBridge();
    const redaction = createRedactionStore(bridge);
    const stop = redaction.start();
    await until(redaction.store, (state) => state.feed !== null);
    const bad = { id: 'bad', match: { type: 'pattern', pattern: '(' }, action: 'mask' } as const;
    const refused = await redaction.change((policy) => withRule(policy, bad, null)).catch(describeFailure);
    expect(refused).toEqual({ kind: 'refused', message: expect.stringMatching(/^The rule “bad” cannot be used/) });
    stop();
  });

  it('tells when spans must be looked at again: after rules changed or storage was gone through, not after counts', async () => {
    const bridge = createMemoryBridge();
    const redaction = createRedactionStore(bridge);
    const stop = redaction.start();
    const first = await until(redaction.store, (state) => state.feed !== null);
    bridge.redaction.setHits({ jwt: 1 });
    const counted = await until(redaction.store, (state) => state.feed?.rules.some((rule) => rule.hits === 1) === true);
    expect(counted.feed?.policy).toBe(first.feed?.policy);
    expect(selectGeneration(counted)).toBe(selectGeneration(first));
    bridge.redaction.setPolicy({ rules: [RULE], builtIn: {} });
    const changed = await until(redaction.store, (state) => state.feed?.policy.rules.length === 1);
    expect(selectGeneration(changed)).not.toBe(selectGeneration(first));
    expect(takenIds(changed.feed)).toContain('iban');
    bridge.redaction.setRescrub({ newlyHidden: 2 });
    const gone = await until(redaction.store, (state) => state.feed?.rescrub.newlyHidden === 2);
    expect(selectGeneration(gone)).not.toBe(selectGeneration(changed));
    stop();
  });
});
