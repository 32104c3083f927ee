import type { RedactionControl } from '../../redaction/port.ts';
import type { CountedRule, RedactionFeed } from '../../shared/contract/messages.ts';
import { createListeners, type Stop } from '../../shared/kernel/listeners.ts';
import type { TraceStore } from '../../store/port.ts';
import type { ReportFailure } from '../log.ts';
import type { RedactionDesk } from '../services.ts';
import { findHints } from './find-hints.ts';
import { createCountedNews } from '../counted-news.ts';
import { createRescrub } from './rescrub.ts';
import { openRescrubAdvice } from './rescrub-advice.ts';
import { createRevealBuffer } from './reveal-buffer.ts';
import { matchForPage, policyForPage } from './rule-values.ts';
import { createRulesInForce, type RulesInForceParts } from './rules-in-force.ts';

export interface RedactionDeskParts extends Pick<RulesInForceParts, 'shelf' | 'configured' | 'sources'> {
  readonly control: RedactionControl;
  readonly store: TraceStore;
  readonly report: ReportFailure;
}

export interface RunningRedactionDesk extends RedactionDesk {
  /** Everything stored was cleared. */
  cleared(): Promise<void>;
  /** What is stored is now together with what a history file held. */
  joined(): Promise<void>;
  /** Told whenever secrets begin to be kept for showing them, and when that ends. */
  onReveal(listener: (isOn: boolean) => void): Stop;
  stop(): Promise<void>;
}

export async function openRedactionDesk(parts: RedactionDeskParts): Promise<RunningRedactionDesk> {
  const { control, store, report } = parts;
  const news = createCountedNews(() => sumOf(control.hitCounts()));
  const advice = await openRescrubAdvice(store, control.rules());
  const rules = createRulesInForce({
    ...parts,
    async onChange(before, after) {
      await advice.changed(before, after);
      news.announce();
    },
  });
  const revealing = createListeners<boolean>();
  const buffer = createRevealBuffer({
    onChange() {
      control.reveal(buffer.isOn ? buffer.keep : null);
      revealing.emit(buffer.isOn);
      news.announce();
    },
  });
  const rescrub = createRescrub({
    control,
    store,
    report,
    onProgress: news.announce,
    begin() {
      const { changes } = rules;
      return async () => {
        // Rules of meanwhile were not in force for what was gone through before them.
        if (rules.changes === changes) await advice.settled(control.rules());
      };
    },
  });

  const feed = (): RedactionFeed => ({
    cursor: news.revision,
    policy: policyForPage(rules.written),
    rules: countedRules(control),
    rescrub: { ...rescrub.state(), isAdvised: advice.isAdvised },
    revealingSince: buffer.since,
  });

  return {
    async watch(cursor, waitMs, signal) {
      if (cursor !== null) await news.after(cursor, waitMs, signal);
      return feed();
    },
    save: rules.save,
    rescrub: rescrub.start,
    test: (text, policy) => (policy === null ? control.test(text) : control.test(text, rules.forTrial(policy))),
    explain: (key, value) => control.explain(key, value),
    hints: (traceId, spanId) => findHints(control, store, traceId, spanId),
    trail: (hash) => store.trail(hash),
    reveal(isOn) {
      if (isOn) buffer.turnOn();
      else buffer.turnOff();
    },
    revealed: (hash) => buffer.get(hash),
    async cleared() {
      await advice.settled(control.rules());
      news.announce();
    },
    async joined() {
      await advice.joined(control.rules());
      news.announce();
    },
    onReveal: (listener) => revealing.add(listener),
    async stop() {
      buffer.turnOff();
      news.stop();
      await rescrub.stop();
    },
  };
}

function countedRules(control: Pick<RedactionControl, 'rules' | 'hitCounts'>): readonly CountedRule[] {
  const counts = control.hitCounts();
  return control.rules().map((rule) => ({
    ...rule,
    match: rule.match && matchForPage(rule.match),
    hits: counts.get(rule.id) ?? 0,
  }));
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
