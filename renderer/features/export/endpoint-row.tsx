import { CircleAlert, CircleCheck, CircleSlash, Loader, Lock, Pencil } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ForwardStatus } from '../../../src/shared/contract/messages.ts';
import type { ForwardState } from '../../../src/shared/domain/forwarding.ts';
import { formatCount, plural } from '../../model/format.ts';
import { FORWARD_WORDS, forwardedWords, lastSentWords, protocolWord } from '../../model/forward-state.ts';
import { Breakable } from '../../ui/breakable.tsx';
import { IconButton } from '../../ui/button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Visible } from '../../ui/visible.tsx';

export interface EndpointRowProps {
  readonly endpoint: ForwardStatus;
  readonly canManage: boolean;
  /** Why the last change of it did not come about; null when it did. */
  readonly complaint: string | null;
  readonly onSwitch: (on: boolean) => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

const STATES: Readonly<Record<ForwardState, { readonly icon: typeof Loader; readonly tint: string }>> = {
  off: { icon: CircleSlash, tint: 'text-ink-3' },
  idle: { icon: CircleCheck, tint: 'text-ok' },
  sending: { icon: Loader, tint: 'text-accent' },
  failing: { icon: CircleAlert, tint: 'text-error' },
};

export function EndpointRow(props: EndpointRowProps): ReactElement {
  const { endpoint, canManage, complaint, onSwitch, onEdit, onRemove } = props;
  const { name, url, protocol, headerNames, source, state, lastError } = endpoint;
  const isOurs = source === 'saved' && canManage;
  const { icon: Icon, tint } = STATES[state];
  return (
    <li aria-label={name} className="rounded-lg border border-line bg-raised px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h3 className="min-w-0 truncate text-sm font-semibold">
          <Visible text={name} />
        </h3>
        <span className={`inline-flex items-center gap-1 text-xs font-medium ${tint}`}>
          <Icon size={13} aria-hidden />
          {FORWARD_WORDS[state]}
        </span>
        {source === 'environment' ? (
          <span className="inline-flex items-center gap-1 text-xs text-ink-3">
            <Lock size={12} aria-hidden />
            From the environment
          </span>
        ) : null}
        <span className="ml-auto flex items-center gap-1.5">
          {source === 'environment' ? null : (
            <>
              {isOurs ? (
                <>
                  <ConfirmButton word="Remove" question="Remove it?" of={name} onConfirm={onRemove} />
                  <IconButton label={`Edit ${name}`} onClick={onEdit} className="h-6 min-w-6">
                    <Pencil size={13} aria-hidden />
                  </IconButton>
                </>
              ) : null}
              <Switch label={`Send to ${name}`} on={endpoint.isEnabled} disabled={!isOurs} onChange={onSwitch} />
            </>
          )}
        </span>
      </div>
      <p className="mt-0.5 flex flex-wrap gap-x-2.5 text-xs">
        <code className="min-w-0 font-mono [overflow-wrap:anywhere]">
          <Breakable text={url} />
        </code>
        <span className="text-ink-3">
          {protocolWord(protocol)}
          {headerNames.length === 0 ? '' : ` · ${plural(headerNames.length, 'header')}: ${headerNames.join(', ')}`}
        </span>
      </p>
      <p className="mt-0.5 text-xs text-ink-2">
        Sends{' '}
        {forwardedWords(endpoint).map((words, index) => (
          <span key={index}>
            {index === 0 ? '' : ' · '}
            {index === 0 && endpoint.filter !== '' ? <code className="font-mono">{words}</code> : words}
          </span>
        ))}
      </p>
      <Counts endpoint={endpoint} />
      {lastError === null ? null : (
        <Notice kind={state === 'failing' ? 'error' : 'warn'} className="mt-2">
          <Visible text={lastError} />
        </Notice>
      )}
      {complaint === null ? null : (
        <Notice kind="error" className="mt-2">
          {complaint}
        </Notice>
      )}
    </li>
  );
}

function Counts({ endpoint: { counts, lastSentAt } }: Pick<EndpointRowProps, 'endpoint'>): ReactElement {
  const { sentTraces, sentSpans, queuedTraces, droppedTraces, rejectedSpans } = counts;
  const now = useNow(false);
  const facts = [
    { name: 'Sent', value: plural(sentTraces, 'trace'), more: plural(sentSpans, 'span'), isBad: false },
    { name: 'Waiting', value: formatCount(queuedTraces), more: '', isBad: false },
    { name: 'Dropped', value: formatCount(droppedTraces), more: '', isBad: droppedTraces > 0 },
    { name: 'Refused there', value: plural(rejectedSpans, 'span'), more: '', isBad: rejectedSpans > 0 },
  ];
  return (
    <dl className="mt-2 flex flex-wrap gap-x-6 gap-y-1 text-xs">
      {facts.map(({ name, value, more, isBad }) => (
        <div key={name} className="flex items-baseline gap-1.5">
          <dt className="text-ink-3">{name}</dt>
          <dd className={isBad ? 'font-medium text-warn' : ''}>
            {value}
            {more === '' ? null : <span className="text-ink-3"> · {more}</span>}
          </dd>
        </div>
      ))}
      <div className="ml-auto text-ink-3 max-sm:ml-0">{lastSentWords(lastSentAt, now)}</div>
    </dl>
  );
}
