import type { RedactionControl } from '../../redaction/port.ts';
import type { CountedRule, RedactionFeed } from '../../shared/contract/messages.ts';
import type { RedactionPolicy } from '../../shared/domain/redaction.ts';
import { createListeners, type Stop } from '../../shared/kernel/listeners.ts';
import type { TraceStore } from '../../store/port.ts';
import type { ConfiguredRedaction } from '../config/config.ts';
import { resolvePolicy, withNewSecrets, type ReferenceSources } from '../config/references.ts';
import type { ReportFailure } from '../log.ts';
import { separateRuleSecrets } from '../secrets/separate-secrets.ts';
import type { ServerShelf } from '../server-shelf.ts';
import type { RedactionDesk } from '../services.ts';
import { createTurns } from '../turns.ts';
import { findHints } from './find-hints.ts';
import { createRedactionNews } from './redaction-news.ts';
import { createRescrub } from './rescrub.ts';
import { openRescrubAdvice } from './rescrub-advice.ts';
import { createRevealBuffer } from './reveal-buffer.ts';
import { matchForPage, policyForPage, withKeptValues } from './rule-values.ts';

export interface RedactionDeskParts {
  readonly control: RedactionControl;
  readonly store: TraceStore;
  readonly shelf: Pick<ServerShelf, 'saveRedaction'>;
  /** In force already. */
  readonly configured: ConfiguredRedaction;
  /** Where references of rules lead. */
  readonly sources: ReferenceSources;
  readonly report: ReportFailure;
}

export interface RunningRedactionDesk extends RedactionDesk {
  /** Everything stored was cleared. */
  cleared(): Promise<void>;
  /** Told whenever secrets begin to be kept for showing them, and when that ends. */
  onReveal(listener: (isOn: boolean) => void): Stop;
  stop(): Promise<void>;
}

export async function openRedactionDesk(parts: RedactionDeskParts): Promise<RunningRedactionDesk> {
  const { control, store, shelf, sources, report } = parts;
  let { written, resolved } = parts.configured;
  let changes = 0;
  const inTurn = createTurns();
  const news = createRedactionNews(() => sumOf(control.hitCounts()));
  const advice = await openRescrubAdvice(store, control.rules());
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
      const changesBefore = changes;
      return async () => {
        // Rules of meanwhile were not in force for what was gone through before them.
        if (changes === changesBefore) await advice.settled(control.rules());
      };
    },
  });

  function feed(): RedactionFeed {
    const counts = control.hitCounts();
    const rules = control.rules().map((rule): CountedRule => ({
      ...rule,
      match: rule.match && matchForPage(rule.match),
      hits: counts.get(rule.id) ?? 0,
    }));
    return {
      cursor: news.revision,
      policy: policyForPage(written),
      rules,
      rescrub: { ...rescrub.state(), isAdvised: advice.isAdvised },
      revealingSince: buffer.since,
    };
  }

  async function save(policy: RedactionPolicy): Promise<void> {
    const separated = separateRuleSecrets(withKeptValues(policy, written));
    const next = resolvePolicy(separated.policy, withNewSecrets(sources, separated.secrets));
    const before = control.rules();
    control.apply(next);
    try {
      await shelf.saveRedaction(separated.policy, separated.secrets);
    } catch (thrown) {
      control.apply(resolved);
      throw thrown;
    }
    ({ policy: written } = separated);
    resolved = next;
    changes += 1;
    await advice.changed(before, control.rules());
    news.announce();
  }

  return {
    async watch(cursor, waitMs, signal) {
      if (cursor !== null) await news.after(cursor, waitMs, signal);
      return feed();
    },
    save: (policy) => inTurn(() => save(policy)),
    rescrub: rescrub.start,
    test: (text, policy) =>
      policy === null
        ? control.test(text)
        : control.test(text, resolvePolicy(withKeptValues(policy, written), sources)),
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
    onReveal: (listener) => revealing.add(listener),
    async stop() {
      buffer.turnOff();
      news.stop();
      await rescrub.stop();
    },
  };
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
