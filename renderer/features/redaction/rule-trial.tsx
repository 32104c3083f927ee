import { useState } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { DEFAULT_POLICY } from '../../../src/shared/domain/redaction.ts';
import { plural } from '../../model/format.ts';
import { readRuleDraft, sentPolicy, withRule } from '../../model/rule-draft.ts';
import type { RuleDraft } from '../../model/rule-draft.ts';
import { PlainArea } from '../../ui/plain-area.tsx';
import { otherIds } from './rule-form.tsx';
import { takenIds } from './store.redaction.ts';
import type { RedactionStore, RuleEdit } from './store.redaction.ts';
import { TestedText } from './tested-text.tsx';
import { latest, useAnswer } from '../../bridge/use-answer.ts';

const SETTLE_MS = 250;
/** Stands in for an id that is not written yet: what is tried is saved nowhere. */
const TRIED_ID = 'this-rule';

export interface RuleTrialProps {
  readonly redaction: RedactionStore;
  readonly draft: RuleDraft;
  readonly editing: RuleEdit;
}

/** What the rules would do with a text if the one in the form were among them. */
export function RuleTrial({ redaction, draft, editing }: RuleTrialProps): ReactElement {
  const [text, setText] = useState('');
  const feed = useStore(redaction.store, (state) => state.feed);
  const ids = takenIds(feed);
  const policy = feed?.policy ?? DEFAULT_POLICY;
  const id = draft.id.trim() === '' ? TRIED_ID : draft.id;
  const read = readRuleDraft({ ...draft, id }, otherIds(ids, editing));
  const tried = read.ok ? withRule(policy, read.value, editing.replacing) : null;
  const question = text === '' || tried === null ? null : JSON.stringify([text, tried]);
  const state = useAnswer(
    question,
    (signal) => redaction.api.redaction.test({ text, policy: sentPolicy(tried ?? policy) }, { signal }),
    SETTLE_MS,
  );
  const tested = latest(state);
  const hits = tested?.findings.filter((finding) => finding.rule === id.trim()).length ?? 0;
  return (
    <section aria-label="Try it" className="rounded-md border border-line bg-sunken p-2.5">
      <div className="mb-1 flex items-baseline justify-between gap-3 text-xs">
        <h3 className="font-medium">Try it</h3>
        <span role="status" className="text-ink-3">
          {state.phase === 'failed' ? <span className="text-error">{state.message}</span> : null}
          {tested === null || state.phase === 'failed' ? '' : `This rule hides ${plural(hits, 'value')} of it.`}
        </span>
      </div>
      <PlainArea
        label="A text to try the rule on"
        text={text}
        onChange={setText}
        rows={2}
        placeholder="Paste a text or JSON. It is kept nowhere."
      />
      {tested === null ? null : (
        <div className="mt-2 flex max-h-[160px] min-h-0 flex-col overflow-hidden rounded border border-line bg-page">
          <TestedText tested={tested} />
        </div>
      )}
    </section>
  );
}
