import { ArrowDownLeft, CircleX, ClockAlert, EyeOff, ScrollText } from 'lucide-react';
import type { ReactElement } from 'react';
import { clockSkew, skewLabel, skewWords } from '../../model/clock-skew.ts';
import { plural } from '../../model/format.ts';
import { hueVariable, remoteService } from '../../model/owner.ts';
import { enteredService } from '../../model/remote-span.ts';
import { ownLogLines } from '../../model/span-log.ts';
import { isFailed } from '../../model/span-tree.ts';
import type { SpanNode } from '../../model/span-tree.ts';
import { Visible } from '../../ui/visible.tsx';
import { visibleText } from '../../ui/visible-text.ts';

interface BesideProps {
  readonly node: SpanNode;
  /** There is room for signs alone. */
  readonly isNarrow: boolean;
}

/** What is shown beside a span's name of where it comes from, for those who listen; undefined where there is nothing. */
export function originWords(node: SpanNode): string | undefined {
  const remote = remoteService(node.span);
  const skew = clockSkew(node);
  const words = [
    ...(remote === null ? [] : [`received from ${visibleText(remote)}`]),
    ...(skew === null ? [] : [skewWords(skew)]),
  ];
  return words.length === 0 ? undefined : words.join(', ');
}

/** Where the tree enters another process, whose. */
export function Service({ node, isNarrow }: BesideProps): ReactElement | null {
  const entered = enteredService(node);
  if (entered === null) return null;
  const hue = hueVariable(node.owner);
  return (
    <span
      title={`Received from ${visibleText(entered)}`}
      className="flex max-w-[120px] min-w-0 shrink-0 items-center gap-1 rounded border px-1 text-2xs text-ink-2"
      style={{ borderColor: `color-mix(in srgb, ${hue} 55%, transparent)` }}
    >
      <ArrowDownLeft size={10} className="shrink-0" style={{ color: hue }} aria-hidden />
      {isNarrow ? null : (
        <span className="truncate">
          <Visible text={entered} />
        </span>
      )}
    </span>
  );
}

/** What a reader must not miss about a span: a clock that differs, something printed, something hidden, something failed. */
export function SpanMarks({ node, folded, isNarrow }: BesideProps & { readonly folded: boolean }): ReactElement | null {
  const { span } = node;
  const failed = isFailed(span);
  const below = !failed && folded && node.errorBelow;
  const printed = ownLogLines(span);
  const skew = clockSkew(node);
  if (!failed && !below && span.findings.length === 0 && printed === 0 && skew === null) return null;
  return (
    <span className="ml-auto flex shrink-0 items-center gap-1.5">
      {skew === null ? null : (
        <span className="inline-flex items-center gap-0.5 text-2xs whitespace-nowrap text-warn" title={skewWords(skew)}>
          <ClockAlert size={12} aria-hidden />
          {isNarrow ? '' : skewLabel(skew)}
        </span>
      )}
      {printed === 0 ? null : (
        <span
          className="inline-flex items-center gap-0.5 text-ink-3"
          title={`The server printed ${plural(printed, 'line')} meanwhile`}
        >
          <ScrollText size={11} aria-hidden />
          <span className="text-2xs">{printed}</span>
          <span className="sr-only"> printed</span>
        </span>
      )}
      {span.findings.length === 0 ? null : (
        <span
          className="inline-flex items-center gap-0.5 text-mask"
          title={`${plural(span.findings.length, 'value')} hidden`}
        >
          <EyeOff size={12} aria-hidden />
          <span className="text-2xs">{span.findings.length}</span>
          <span className="sr-only"> hidden</span>
        </span>
      )}
      {failed ? (
        <span className="inline-flex items-center gap-1 text-error">
          <CircleX size={13} strokeWidth={2.2} aria-hidden />
          <span className="text-2xs font-semibold">Error</span>
        </span>
      ) : null}
      {below ? (
        <span className="inline-flex items-center gap-1 text-error" title="Something below failed">
          <CircleX size={13} aria-hidden />
          <span className="text-2xs">below</span>
        </span>
      ) : null}
    </span>
  );
}
