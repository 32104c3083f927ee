import { ChevronDown, ChevronRight } from 'lucide-react';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { jsonLines } from './json-lines.ts';
import type { JsonLine, JsonToken } from './json-lines.ts';
import { MarkedText } from './marked.tsx';
import type { Mark } from './marks.ts';
import { MeasuredRows, useMeasuredRows } from './measured-rows.tsx';
import { Visible } from './visible.tsx';

const LINE_PX = 18;
const INDENT_PX = 14;

const TOKEN_LOOKS: Readonly<Record<JsonToken['kind'], string>> = {
  key: 'text-ink',
  string: 'text-[color:var(--json-string)]',
  number: 'text-[color:var(--json-number)]',
  literal: 'text-[color:var(--json-number)]',
  punctuation: 'text-ink-3',
  note: 'text-ink-3 italic',
};

export interface JsonViewProps {
  readonly value: unknown;
  /** What was hidden, by JSON Pointer; in a name, by its pointer and a `#`. */
  readonly marks: ReadonlyMap<string, readonly Mark[]>;
  readonly label: string;
  /** The place to bring into view, each time another object says so. */
  readonly target?: { readonly path: string } | null;
}

/** A JSON value as a foldable tree of lines; only the lines in view exist. */
export function JsonView({ value, marks, label, target = null }: JsonViewProps): ReactElement {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const lines = useMemo(() => jsonLines(value, folded), [value, folded]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useMeasuredRows({ scroller, count: lines.length, lineHeight: LINE_PX });
  const toggle = (path: string): void => {
    const next = new Set(folded);
    if (!next.delete(path)) next.add(path);
    setFolded(next);
  };
  const show = useEffectEvent((path: string) => {
    const index = lines.findIndex((line) => isAt(line, path));
    if (index !== -1) virtual.scrollToIndex(index, { align: 'center' });
  });
  useEffect(() => {
    if (target !== null) show(target.path);
  }, [target]);
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={label}
      className="min-h-0 flex-1 overflow-auto py-1.5 font-mono text-xs focus-visible:-outline-offset-2"
    >
      <MeasuredRows
        virtual={virtual}
        rows={lines}
        renderRow={(line) => (
          <Line line={line} marks={marks} onToggle={toggle} isTarget={target !== null && isAt(line, target.path)} />
        )}
      />
    </div>
  );
}

function isAt(line: JsonLine, path: string): boolean {
  return line.tokens.some((token) => token.path === path);
}

interface LineProps {
  readonly line: JsonLine;
  readonly marks: JsonViewProps['marks'];
  readonly onToggle: (path: string) => void;
  readonly isTarget: boolean;
}

function Line({ line, marks, onToggle, isTarget }: LineProps): ReactElement {
  const { fold } = line;
  return (
    <div
      data-name={line.name}
      className={`relative min-h-[18px] pr-3 leading-[18px] break-words whitespace-pre-wrap [overflow-wrap:anywhere] ${isTarget ? 'flash' : ''}`}
      style={{ paddingLeft: 22 + line.indent * INDENT_PX }}
    >
      {fold === null ? null : (
        <button
          type="button"
          aria-label={line.folded ? 'Unfold' : 'Fold'}
          aria-expanded={!line.folded}
          onClick={() => {
            onToggle(fold);
          }}
          className="absolute top-0 flex h-[18px] w-[18px] items-center justify-center text-ink-3 hover:text-ink"
          style={{ left: 3 + line.indent * INDENT_PX }}
        >
          {line.folded ? <ChevronRight size={12} aria-hidden /> : <ChevronDown size={12} aria-hidden />}
        </button>
      )}
      {line.tokens.map((token, index) => (
        <span key={index} className={TOKEN_LOOKS[token.kind]}>
          <TokenText token={token} marks={marks} />
        </span>
      ))}
    </div>
  );
}

function TokenText({ token, marks }: { token: JsonToken; marks: JsonViewProps['marks'] }): ReactElement {
  const own = token.path === null ? [] : (marks.get(token.path) ?? []);
  if (token.kind === 'key' && own.length === 0) {
    return <Visible text={JSON.stringify(token.text)} keep="line-breaks" />;
  }
  if (token.kind === 'key' || token.kind === 'string') {
    return (
      <>
        &quot;
        <MarkedText text={token.text} keep="line-breaks" marks={own} />
        &quot;
      </>
    );
  }
  return own.length === 0 ? (
    <Visible text={token.text} keep="line-breaks" />
  ) : (
    <MarkedText text={token.text} marks={own} />
  );
}
