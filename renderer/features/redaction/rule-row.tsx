import { Lock, Pencil } from 'lucide-react';
import type { ReactElement } from 'react';
import type { CountedRule } from '../../../src/shared/contract/messages.ts';
import type { RedactionAction } from '../../../src/shared/domain/redaction.ts';
import { formatCount } from '../../model/format.ts';
import { ACTION_OPTIONS, ACTION_WORDS, MATCH_WORDS, matchText } from '../../model/rule-draft.ts';
import { IconButton } from '../../ui/button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { Visible } from '../../ui/visible.tsx';

export interface RuleRowProps {
  readonly rule: CountedRule;
  readonly canManage: boolean;
  readonly onSwitch: (on: boolean) => void;
  readonly onAction: (action: RedactionAction) => void;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

const LOOK_ONLY = 'This page may look but not change rules.';

export function RuleRow(props: RuleRowProps): ReactElement {
  const { rule, canManage, onAction, onDelete } = props;
  return (
    <li
      data-path={rule.id}
      tabIndex={-1}
      className="rule-grid gap-x-3 gap-y-0.5 border-b border-line/60 px-4 py-1.5 hover:bg-hover/60 focus-visible:-outline-offset-2"
    >
      <div className="flex h-[18px] items-center">
        <OnOff {...props} />
      </div>
      <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <span className={`text-sm font-medium ${rule.isOn ? '' : 'text-ink-3'}`}>
          <Visible text={rule.title} />
        </span>
        {rule.title === rule.id ? null : <code className="font-mono text-2xs text-ink-3">{rule.id}</code>}
      </p>
      <div className="rule-text flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <LooksFor rule={rule} />
        {rule.match !== null && canManage ? (
          <ConfirmButton word="Delete" question="Delete it?" of={rule.id} onConfirm={onDelete} />
        ) : null}
      </div>
      <p
        className="rule-hits text-right text-xs leading-[18px]"
        title="How often it has hidden something since the gateway started"
      >
        {rule.hits === 0 ? <span className="text-ink-3">–</span> : formatCount(rule.hits)}
        <span className="sr-only"> hidden since the gateway started</span>
      </p>
      <div className="rule-action">
        <Select
          label={`What ${rule.title} leaves`}
          value={rule.action}
          options={ACTION_OPTIONS}
          disabled={!canManage}
          title={canManage ? ACTION_WORDS[rule.action].hint : LOOK_ONLY}
          onChange={onAction}
        />
      </div>
    </li>
  );
}

function OnOff({ rule, canManage, onSwitch, onEdit }: RuleRowProps): ReactElement {
  if (rule.match !== null) {
    return (
      <IconButton label={`Edit ${rule.id}`} disabled={!canManage} onClick={onEdit} className="-my-1 h-6 min-w-6">
        <Pencil size={13} aria-hidden />
      </IconButton>
    );
  }
  if (!rule.canBeTurnedOff) {
    return (
      <span className="inline-flex w-[30px] justify-center text-ink-3" title={`Always on. ${rule.explanation}`}>
        <Lock size={13} aria-hidden />
        <span className="sr-only">Always on</span>
      </span>
    );
  }
  return (
    <Switch
      label={rule.title}
      on={rule.isOn}
      disabled={!canManage}
      {...(canManage ? {} : { title: LOOK_ONLY })}
      onChange={onSwitch}
    />
  );
}

function LooksFor({ rule }: { readonly rule: CountedRule }): ReactElement {
  const { match } = rule;
  if (match === null) return <p className="text-xs leading-[18px] text-ink-2">{rule.explanation}</p>;
  return (
    <p className="min-w-0 flex-1 text-xs leading-[18px] text-ink-2 [overflow-wrap:anywhere]">
      {MATCH_WORDS[match.type].label}{' '}
      <code className="font-mono text-ink">
        <Visible text={matchText(match)} />
      </code>
    </p>
  );
}
