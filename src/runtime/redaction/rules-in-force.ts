import type { RedactionControl } from '../../redaction/port.ts';
import type { RedactionPolicy, RuleView } from '../../shared/domain/redaction.ts';
import type { ConfiguredRedaction } from '../config/config.ts';
import { resolvePolicy, withNewSecrets, type ReferenceSources } from '../config/references.ts';
import { separateRuleSecrets } from '../secrets/separate-secrets.ts';
import type { ServerShelf } from '../server-shelf.ts';
import { createTurns } from '../turns.ts';
import { withKeptValues } from './rule-values.ts';

export interface RulesInForce {
  /** As they are kept: with references to the texts that they hide. */
  readonly written: RedactionPolicy;
  /** Rises with every change. */
  readonly changes: number;
  /** Keeps rules and puts them in force. Rejects with a UserError, and changes nothing, when they cannot be used or kept. */
  save(policy: RedactionPolicy): Promise<void>;
  /** What a page wants to try, with the texts that it was never told. Throws a UserError. */
  forTrial(policy: RedactionPolicy): RedactionPolicy;
}

export interface RulesInForceParts {
  readonly control: Pick<RedactionControl, 'apply' | 'rules'>;
  readonly shelf: Pick<ServerShelf, 'saveRedaction'>;
  /** In force already. */
  readonly configured: ConfiguredRedaction;
  /** Where references of rules lead. */
  readonly sources: ReferenceSources;
  readonly onChange: (before: readonly RuleView[], after: readonly RuleView[]) => Promise<void>;
}

export function createRulesInForce({ control, shelf, configured, sources, onChange }: RulesInForceParts): RulesInForce {
  const inTurn = createTurns();
  let { written, resolved } = configured;
  let changes = 0;

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
    written = separated.policy;
    resolved = next;
    changes += 1;
    await onChange(before, control.rules());
  }

  return {
    get written() {
      return written;
    },
    get changes() {
      return changes;
    },
    save: (policy) => inTurn(() => save(policy)),
    forTrial: (policy) => resolvePolicy(withKeptValues(policy, written), sources),
  };
}
