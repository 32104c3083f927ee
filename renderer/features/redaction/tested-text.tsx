import { useMemo } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { Finding } from '../../../src/shared/domain/redacted.ts';
import type { TestedText as Tested } from '../../../src/shared/domain/redaction.ts';
import { findingLabel, findingTag } from '../../model/finding.ts';
import { parsedBody } from '../../model/payload-body.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { MarkedText } from '../../ui/marked.tsx';
import type { Mark } from '../../ui/marks.ts';

export interface TestedTextProps {
  readonly tested: Tested;
  /** What is known of a finding. */
  readonly card?: (finding: Finding) => ReactNode;
  readonly target?: { readonly path: string } | null;
}

/** What would be recorded of a text, with what was hidden marked in place. */
export function TestedText({ tested, card, target = null }: TestedTextProps): ReactElement {
  const marks = useMemo(() => marksOf(tested.findings, card), [tested, card]);
  const value = useMemo(() => parsedBody(tested), [tested]);
  if (value !== undefined)
    return <JsonView value={value} marks={marks} label="What would be recorded" target={target} />;
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label="What would be recorded"
      className="min-h-0 flex-1 overflow-auto px-3 py-2 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]"
    >
      <MarkedText text={tested.text} keep="line-breaks" marks={marks.get('') ?? []} />
    </pre>
  );
}

function marksOf(findings: readonly Finding[], card: TestedTextProps['card']): ReadonlyMap<string, readonly Mark[]> {
  const byPath = Map.groupBy(findings, (finding) => finding.path);
  const markOf = (finding: Finding): Mark => ({
    start: finding.start,
    end: finding.end,
    label: findingLabel(finding),
    tag: findingTag(finding),
    ...(card === undefined ? {} : { card: () => card(finding) }),
  });
  return new Map([...byPath].map(([path, list]) => [path, list.map(markOf)]));
}
