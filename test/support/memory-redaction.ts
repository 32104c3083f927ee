import { ORPCError } from '@orpc/client';
import type { Api } from '../../renderer/bridge/bridge.ts';
import type { RescrubState } from '../../src/shared/contract/messages.ts';
import { DEFAULT_POLICY } from '../../src/shared/domain/redaction.ts';
import type { PlacedHint, RedactionPolicy, RuleView, TrailStep, UserRule } from '../../src/shared/domain/redaction.ts';
import { createChanges } from './memory-changes.ts';
import { explainSample, testSample } from './sample-redactor.ts';
import { SAMPLE_RULES } from './sample-rules.ts';

/** Redaction without a gateway: rules of its own, and whatever else is put in. */
export interface MemoryRedaction {
  readonly api: Api['redaction'];
  readonly policy: RedactionPolicy;
  setPolicy(policy: RedactionPolicy): void;
  setHits(hits: Readonly<Record<string, number>>): void;
  setRescrub(rescrub: Partial<RescrubState>): void;
  setRevealing(since: number | null): void;
  putHints(hints: readonly PlacedHint[]): void;
  putTrail(hash: string, steps: readonly TrailStep[]): void;
  /** What `revealed` answers with while secrets are kept. */
  putSecret(hash: string, secret: string): void;
  /** Called by `rescrub`; without it everything is gone through at once. */
  onRescrub: () => void;
}

const NEVER_RUN: RescrubState = { isRunning: false, done: 0, total: 0, newlyHidden: null, isAdvised: false };

export function createMemoryRedaction(
  canManage: () => boolean,
  called: (name: string) => Promise<null>,
): MemoryRedaction {
  const changes = createChanges();
  const hints: PlacedHint[] = [];
  const trails = new Map<string, readonly TrailStep[]>();
  const secrets = new Map<string, string>();
  let state = { policy: DEFAULT_POLICY, hits: {} as Readonly<Record<string, number>>, rescrub: NEVER_RUN };
  let revealingSince: number | null = null;
  let revision = 1;
  const changed = (next: Partial<typeof state>): void => {
    state = { ...state, ...next };
    revision += 1;
    changes.announce();
  };
  const mustManage = (): void => {
    if (!canManage()) throw new ORPCError('FORBIDDEN', { message: 'This page may look but not change anything.' });
  };

  const twin: MemoryRedaction = {
    get policy() {
      return state.policy;
    },
    setPolicy: (policy) => changed({ policy }),
    setHits: (hits) => changed({ hits }),
    setRescrub: (rescrub) => changed({ rescrub: { ...state.rescrub, ...rescrub } }),
    setRevealing(since) {
      revealingSince = since;
      changed({});
    },
    putHints: (more) => void hints.push(...more),
    putTrail: (hash, steps) => void trails.set(hash, steps),
    putSecret: (hash, secret) => void secrets.set(hash, secret),
    onRescrub: () => twin.setRescrub({ isAdvised: false, newlyHidden: 0 }),
    api: {
      watch: async ({ cursor, waitMs }, options) => {
        await changes.until(() => cursor === null || cursor < revision, waitMs, options?.signal);
        const rules = rulesUnder(state.policy).map((rule) => ({ ...rule, hits: state.hits[rule.id] ?? 0 }));
        return { cursor: revision, policy: state.policy, rules, rescrub: state.rescrub, revealingSince };
      },
      save: async ({ rules = [], builtIn = {} }) => {
        mustManage();
        const policy = { rules: rules.map(withAction), builtIn };
        refuseUnusable(policy);
        changed({ policy, rescrub: { ...state.rescrub, isAdvised: true } });
        return called('redaction.save');
      },
      rescrub: async () => {
        mustManage();
        twin.onRescrub();
        return called('redaction.rescrub');
      },
      test: async ({ text, policy }) => testSample(text, policy === null ? state.policy : completed(policy)),
      explain: async ({ key, value }) => explainSample(key, value, state.policy),
      hints: async ({ traceId, spanId }) =>
        hints.filter((each) => each.traceId === traceId && (spanId === null || each.spanId === spanId)),
      trail: async ({ hash }) => trails.get(hash) ?? [],
      reveal: async ({ isOn }) => {
        mustManage();
        twin.setRevealing(isOn ? Date.now() : null);
        return called('redaction.reveal');
      },
      revealed: async ({ hash }) => {
        mustManage();
        return revealingSince === null ? null : (secrets.get(hash) ?? null);
      },
    },
  };
  return twin;
}

type SentPolicy = Parameters<Api['redaction']['save']>[0];
type SentRule = NonNullable<SentPolicy['rules']>[number];

function withAction(rule: SentRule): UserRule {
  return { ...rule, action: rule.action ?? 'mask' };
}

function completed({ rules = [], builtIn = {} }: SentPolicy): RedactionPolicy {
  return { rules: rules.map(withAction), builtIn };
}

function refuseUnusable({ rules }: RedactionPolicy): void {
  for (const [index, rule] of rules.entries()) {
    const isTaken = [...SAMPLE_RULES, ...rules.slice(0, index)].some((each) => each.id === rule.id);
    if (isTaken) throw refusal(rule, 'another rule has this id');
    if (rule.match.type !== 'pattern') continue;
    try {
      new RegExp(rule.match.pattern);
    } catch {
      // What the engine says of it is not what the gateway would say.
      throw refusal(rule, 'its expression cannot be read');
    }
  }
}

function refusal(rule: UserRule, why: string): Error {
  return new ORPCError('BAD_REQUEST', { message: `The rule “${rule.id}” cannot be used: ${why}.` });
}

function rulesUnder(policy: RedactionPolicy): readonly RuleView[] {
  const builtIn = SAMPLE_RULES.map(({ kind: _, finds: __, ...rule }): RuleView => {
    const choice = policy.builtIn[rule.id];
    return { ...rule, isOn: choice?.enabled ?? rule.isOn, action: choice?.action ?? rule.action };
  });
  const own = policy.rules.map((rule): RuleView => ({
    id: rule.id,
    group: 'yours',
    title: rule.id,
    explanation: 'A rule of yours.',
    isOn: true,
    canBeTurnedOff: false,
    action: rule.action,
    match: rule.match,
  }));
  return [...builtIn, ...own];
}
