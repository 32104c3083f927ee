import type { RuleView } from '../../shared/domain/redaction.ts';
import type { TraceStore } from '../../store/port.ts';
import { fingerprintOf, isStricter } from './strictness.ts';

/** Whether something stored may hold what the rules of now would hide. */
export interface RescrubAdvice {
  readonly isAdvised: boolean;
  /** The rules were changed. */
  changed(before: readonly RuleView[], after: readonly RuleView[]): Promise<void>;
  /** Everything stored is as these rules would have it: it was gone through, or there is nothing. */
  settled(rules: readonly RuleView[]): Promise<void>;
  /** More is stored than before, which may have been recorded under other rules; the store's note says so. */
  joined(rules: readonly RuleView[]): Promise<void>;
}

/** Under this name stands the fingerprint of the rules that everything stored obeys; nothing when there are none such. */
const NOTE = 'redacted-under';
const NONE = '';

export async function openRescrubAdvice(
  store: Pick<TraceStore, 'note' | 'keepNote' | 'stats'>,
  rules: readonly RuleView[],
): Promise<RescrubAdvice> {
  let isAdvised = await mayHoldMore(rules);

  async function mayHoldMore(now: readonly RuleView[]): Promise<boolean> {
    const [noted, { traces }] = await Promise.all([store.note(NOTE), store.stats()]);
    return traces > 0 && noted !== fingerprintOf(now);
  }

  async function keep(advised: boolean, now: readonly RuleView[]): Promise<void> {
    isAdvised = advised;
    await store.keepNote(NOTE, advised ? NONE : fingerprintOf(now));
  }

  if (!isAdvised) await keep(false, rules);
  return {
    get isAdvised() {
      return isAdvised;
    },
    async changed(before, after) {
      const { traces } = await store.stats();
      await keep(traces > 0 && (isAdvised || isStricter(before, after)), after);
    },
    settled: (now) => keep(false, now),
    async joined(now) {
      isAdvised = await mayHoldMore(now);
    },
  };
}
