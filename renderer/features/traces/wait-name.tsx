import { Bot, Folder, Hourglass, RotateCw, UserRound } from 'lucide-react';
import type { ReactElement } from 'react';
import type { RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import { askedOf, waitLabel, waitOutcome } from '../../model/input-wait.ts';
import type { AskedOf } from '../../model/input-wait.ts';
import { hueVariable } from '../../model/owner.ts';
import { questionWords } from '../../model/question.ts';
import type { QuestionTo } from '../../model/question.ts';
import { Visible } from '../../ui/visible.tsx';

const ASKED_ICONS: Readonly<Record<AskedOf, typeof Bot>> = {
  user: UserRound,
  model: Bot,
  folders: Folder,
  several: Hourglass,
};

/** A wait is named by who is waited for; the span's own name comes second. */
export function WaitName({ span }: { readonly span: RedactedSpan }): ReactElement {
  const Icon = ASKED_ICONS[askedOf(span)];
  return (
    <>
      <Icon size={13} className="-mx-[2px] shrink-0 text-wait" aria-hidden />
      <span className="flex h-4 min-w-0 flex-1 flex-wrap gap-x-1.5 overflow-hidden">
        <span className="max-w-full min-w-[48px] truncate font-medium text-wait">{waitLabel(span)}</span>
        <span className="min-w-[52px] flex-1 basis-[52px] truncate text-ink-3">
          {waitOutcome(span) === 'unanswered' ? 'no answer' : <Visible text={span.name} />}
        </span>
      </span>
    </>
  );
}

export interface QuestionNameProps {
  readonly span: RedactedSpan;
  readonly to: QuestionTo;
  /** Whose question it is. */
  readonly owner: string;
}

/** What a server asks of a client is named by whom it asks; the span's own name comes second. */
export function QuestionName({ span, to, owner }: QuestionNameProps): ReactElement {
  const Icon = ASKED_ICONS[to];
  return (
    <>
      <Icon size={13} className="-mx-[2px] shrink-0" style={{ color: hueVariable(owner) }} aria-hidden />
      <span className="flex h-4 min-w-0 flex-1 flex-wrap gap-x-1.5 overflow-hidden">
        <span className="max-w-full min-w-[48px] truncate font-medium text-ink">{questionWords(span, to)}</span>
        <span className="min-w-[52px] flex-1 basis-[52px] truncate text-ink-3">
          <Visible text={span.name} />
        </span>
      </span>
    </>
  );
}

/** A request that came again is told from the first by which attempt it is; what it is besides comes second. */
export function AttemptName({
  attempt,
  span,
}: {
  readonly attempt: number;
  readonly span: RedactedSpan;
}): ReactElement {
  return (
    <>
      <RotateCw size={11} className="-mx-[1px] shrink-0 text-ink-3" aria-hidden />
      <span className="flex h-4 min-w-0 flex-1 flex-wrap gap-x-1.5 overflow-hidden">
        <span className="max-w-full shrink-0 truncate font-medium text-ink">attempt {attempt}</span>
        <span className="min-w-[52px] flex-1 basis-[52px] truncate text-ink-3">
          <Visible text={span.name} />
        </span>
      </span>
    </>
  );
}
