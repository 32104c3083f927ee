import { useMemo } from 'react';
import type { ReactElement } from 'react';
import type { RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { marksByPath, useMarkOf } from './redaction-slot.ts';

/** The span as it is kept; times as decimal strings, because JSON has no integers of their size. */
export function RawTab({ span }: { readonly span: RedactedSpan }): ReactElement {
  const text = useMemo(
    () => JSON.stringify(span, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2),
    [span],
  );
  const value = useMemo<unknown>(() => JSON.parse(text), [text]);
  const markOf = useMarkOf(span);
  const marks = useMemo(() => marksByPath(span.findings, markOf), [span, markOf]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center justify-between border-b border-line bg-chrome py-0.5 pr-1.5 pl-3 text-xs text-ink-3">
        As recorded, after redaction
        <CopyButton text={text} label="Copy this span as JSON" wide />
      </div>
      <JsonView value={value} marks={marks} label="The span as JSON" />
    </div>
  );
}
