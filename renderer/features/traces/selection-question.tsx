import { CircleHelp } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactElement, RefObject } from 'react';
import { MASK } from '../../model/mask.ts';
import { Button } from '../../ui/button.tsx';
import { Visible } from '../../ui/visible.tsx';
import type { HiddenQuestion } from './store.trace.ts';

const LONGEST = 2_000;
const SETTLE_MS = 120;

export interface SelectionQuestionProps {
  /** Selections outside of it are nobody's business here. */
  readonly within: RefObject<HTMLElement | null>;
  readonly onAsk: (question: HiddenQuestion) => void;
}

/** While a value is selected, a way to ask why it is there to be read. */
export function SelectionQuestion({ within, onAsk }: SelectionQuestionProps): ReactElement | null {
  const [question, setQuestion] = useState<HiddenQuestion | null>(null);
  useEffect(() => {
    let settling: ReturnType<typeof setTimeout> | undefined;
    const onChange = (): void => {
      clearTimeout(settling);
      settling = setTimeout(() => {
        setQuestion(selectedValue(within.current));
      }, SETTLE_MS);
    };
    document.addEventListener('selectionchange', onChange);
    return () => {
      clearTimeout(settling);
      document.removeEventListener('selectionchange', onChange);
    };
  }, [within]);
  if (question === null) return null;
  return (
    <div className="flex shrink-0 items-center gap-2 border-t border-line bg-chrome py-1 pr-1.5 pl-3 text-xs">
      <span className="min-w-0 flex-1 truncate text-ink-3">
        Selected:{' '}
        <span className="font-mono text-ink-2">
          <Visible text={question.value} />
        </span>
      </span>
      <Button
        size="small"
        onMouseDown={(event) => {
          // Pressing it must not take the selection away before it is read.
          event.preventDefault();
        }}
        onClick={() => {
          onAsk(question);
          setQuestion(null);
        }}
      >
        <CircleHelp size={12} aria-hidden />
        Why is this not hidden?
      </Button>
    </div>
  );
}

function selectedValue(within: HTMLElement | null): HiddenQuestion | null {
  const selection = document.getSelection();
  if (within === null || selection === null || selection.isCollapsed) return null;
  const { anchorNode } = selection;
  const value = selection.toString().trim();
  if (anchorNode === null || !within.contains(anchorNode)) return null;
  if (value === '' || value.length > LONGEST || value.includes(MASK)) return null;
  const element = anchorNode instanceof Element ? anchorNode : anchorNode.parentElement;
  const key = element?.closest<HTMLElement>('[data-name]')?.dataset['name'] ?? '';
  return { key, value };
}
