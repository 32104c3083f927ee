import { Route, Shield } from 'lucide-react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Finding } from '../../../src/shared/domain/redacted.ts';
import { lengthWords, shortHash } from '../../model/finding.ts';
import { Button } from '../../ui/button.tsx';
import { ShowSecret } from './show-secret.tsx';
import type { RedactionStore } from './store.redaction.ts';

export interface FindingCardProps {
  readonly redaction: RedactionStore;
  readonly finding: Finding;
  readonly canManage: boolean;
  /** False for what was only tried: it was met nowhere. */
  readonly isRecorded?: boolean;
  readonly onFollow: (hash: string) => void;
  readonly onRule: (id: string) => void;
}

/** All that is known of something hidden, and what can be done about it. */
export function FindingCard(props: FindingCardProps): ReactElement {
  const { redaction, finding, canManage, isRecorded = true, onFollow, onRule } = props;
  const rule = useStore(redaction.store, ({ feed }) => feed?.rules.find((each) => each.id === finding.rule));
  const isRevealing = useStore(redaction.store, ({ feed }) => (feed?.revealingSince ?? null) !== null);
  return (
    <>
      <p className="flex items-baseline justify-between gap-3">
        <strong className="text-sm font-semibold">{rule?.title ?? finding.rule}</strong>
        <code className="font-mono text-2xs text-mask">{finding.rule}</code>
      </p>
      <p className="mt-0.5 text-ink-2">
        {rule?.explanation ?? 'This rule is no longer there. What it hid stays hidden.'}
      </p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
        <dt className="text-ink-3">Kind</dt>
        <dd>{finding.kind}</dd>
        <dt className="text-ink-3">Length</dt>
        <dd>{lengthWords(finding.length)}</dd>
        <dt className="text-ink-3">Hash</dt>
        <dd title="Keyed with a key that only this run of the gateway has: the same secret has the same hash, and none can be had back from it.">
          <code className="font-mono">{shortHash(finding.hash)}</code>
        </dd>
      </dl>
      <div className="mt-2.5 flex flex-wrap gap-1.5">
        {isRecorded ? (
          <Button
            size="small"
            data-closes-card
            onClick={() => {
              onFollow(finding.hash);
            }}
          >
            <Route size={12} aria-hidden />
            Follow this secret
          </Button>
        ) : null}
        {rule === undefined ? null : (
          <Button
            size="small"
            data-closes-card
            onClick={() => {
              onRule(rule.id);
            }}
          >
            <Shield size={12} aria-hidden />
            Rule
          </Button>
        )}
        {isRevealing && canManage && isRecorded ? <ShowSecret api={redaction.api} hash={finding.hash} /> : null}
      </div>
    </>
  );
}
