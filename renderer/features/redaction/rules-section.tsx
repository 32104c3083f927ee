import { Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { useStore } from 'zustand';
import type { CountedRule } from '../../../src/shared/contract/messages.ts';
import type { RedactionPolicy } from '../../../src/shared/domain/redaction.ts';
import { describeFailure } from '../../bridge/failure.ts';
import { formatCount, plural } from '../../model/format.ts';
import { draftOf, EMPTY_RULE, withBuiltIn, withoutRule, withRule } from '../../model/rule-draft.ts';
import { countRules, ruleSections } from '../../model/rule-groups.ts';
import type { RuleSection } from '../../model/rule-groups.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { useTarget } from '../../ui/use-target.ts';
import { RuleRow } from './rule-row.tsx';
import type { RedactionStore } from './store.redaction.ts';

export interface RulesSectionProps {
  readonly redaction: RedactionStore;
  readonly rules: readonly CountedRule[];
  readonly canManage: boolean;
}

export function RulesSection({ redaction, rules, canManage }: RulesSectionProps): ReactElement {
  const [term, setTerm] = useState('');
  const [complaint, setComplaint] = useState<string | null>(null);
  const target = useStore(redaction.store, (state) => state.target);
  const list = useRef<HTMLDivElement>(null);
  useTarget(list, target);
  const sections = ruleSections(rules, term);
  const counts = countRules(rules);
  const change = (edit: (policy: RedactionPolicy) => RedactionPolicy): void => {
    setComplaint(null);
    redaction.change(edit).catch((thrown: unknown) => {
      setComplaint(describeFailure(thrown).message);
    });
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="shrink-0 border-b border-line">
        <div className="flex max-w-[1500px] flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2">
          <SearchBox
            value={term}
            onChange={setTerm}
            label="Find a rule"
            placeholder="Find a rule"
            className="h-[30px] w-[220px] max-w-full"
          />
          <p className="text-xs text-ink-3">
            {counts.on} of {plural(counts.all, 'rule')} on, {formatCount(counts.hits)} hidden since the gateway started
          </p>
          <Button
            look="solid"
            className="ml-auto"
            disabled={!canManage}
            onClick={() => {
              redaction.store.setState({ editing: { draft: EMPTY_RULE, replacing: null, because: null } });
            }}
          >
            <Plus size={14} aria-hidden />
            Add a rule
          </Button>
        </div>
      </div>
      {complaint === null ? null : (
        <Notice kind="error" className="mx-4 mt-2">
          {complaint}
        </Notice>
      )}
      <div ref={list} className="@container min-h-0 flex-1 overflow-auto pb-6" onKeyDown={moveBetweenRules}>
        {sections.length === 0 ? <p className="px-4 py-6 text-sm text-ink-3">No rule matches “{term}”.</p> : null}
        {sections.map((section) => (
          <Section
            key={section.group}
            section={section}
            redaction={redaction}
            canManage={canManage}
            onChange={change}
          />
        ))}
      </div>
    </div>
  );
}

interface SectionProps {
  readonly section: RuleSection;
  readonly redaction: RedactionStore;
  readonly canManage: boolean;
  readonly onChange: (edit: (policy: RedactionPolicy) => RedactionPolicy) => void;
}

function Section({ section, redaction, canManage, onChange }: SectionProps): ReactElement {
  const { title, note, rules } = section;
  return (
    <section aria-label={title}>
      <div className="rule-grid sticky top-0 z-10 items-baseline gap-x-3 border-b border-line bg-chrome px-4 py-1.5">
        <h3 className="label col-span-2">{title}</h3>
        <p className="rule-text truncate text-2xs text-ink-3 @max-[859px]:hidden">{note}</p>
        <span className="rule-hits text-right text-2xs text-ink-3" aria-hidden>
          Hidden
        </span>
        <span className="rule-action text-2xs text-ink-3" aria-hidden>
          Leaves
        </span>
      </div>
      {rules.length === 0 ? (
        <p className="px-4 py-3 text-xs text-ink-3">
          None yet. Add one here, or from what a span lists as likely missed.
        </p>
      ) : null}
      <ul aria-label={title}>
        {rules.map((rule) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            canManage={canManage}
            onSwitch={(enabled) => {
              onChange((policy) => withBuiltIn(policy, rule.id, { enabled }));
            }}
            onAction={(action) => {
              onChange((policy) =>
                rule.match === null
                  ? withBuiltIn(policy, rule.id, { action })
                  : withRule(policy, { id: rule.id, match: rule.match, action }, rule.id),
              );
            }}
            onEdit={() => {
              if (rule.match === null) return;
              const draft = draftOf({ id: rule.id, match: rule.match, action: rule.action });
              redaction.store.setState({ editing: { draft, replacing: rule.id, because: null } });
            }}
            onDelete={() => {
              onChange((policy) => withoutRule(policy, rule.id));
            }}
          />
        ))}
      </ul>
    </section>
  );
}

const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

/** Down and up go from rule to rule, to the first thing in each that can be used. */
function moveBetweenRules(event: KeyboardEvent<HTMLDivElement>): void {
  const step = STEPS[event.key];
  const { target, currentTarget } = event;
  if (step === undefined || !(target instanceof HTMLElement) || target.closest('select, input') !== null) return;
  const rows = [...currentTarget.querySelectorAll<HTMLElement>('li[data-path]')];
  const next = rows[rows.findIndex((row) => row.contains(target)) + step];
  if (next === undefined) return;
  event.preventDefault();
  (next.querySelector<HTMLElement>('button:enabled, select:enabled') ?? next).focus();
}
