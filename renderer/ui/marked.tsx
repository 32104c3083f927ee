import { EyeOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { useCardHost } from './mark-cards.tsx';
import { markedPieces } from './marks.ts';
import type { Mark } from './marks.ts';
import { Visible } from './visible.tsx';
import type { VisibleProps } from './visible.tsx';

export interface MarkedTextProps extends VisibleProps {
  readonly marks: readonly Mark[];
}

/** Text from elsewhere, with what was hidden in it drawn as such, its reason beside it and more of it on asking. */
export function MarkedText({ text, keep = 'nothing', marks }: MarkedTextProps): ReactElement {
  if (marks.length === 0) return <Visible text={text} keep={keep} />;
  return (
    <>
      {markedPieces(text, marks).map((piece, index) =>
        piece.mark === null ? (
          <Visible key={index} text={piece.text} keep={keep} />
        ) : (
          <Masked key={index} text={piece.text} mark={piece.mark} />
        ),
      )}
    </>
  );
}

interface MaskedProps {
  readonly text: string;
  readonly mark: Mark;
}

function Masked({ text, mark }: MaskedProps): ReactElement {
  const host = useCardHost();
  if (host === null || mark.card === undefined) {
    return (
      <span className="mask" title={mark.label}>
        <Inside text={text} mark={mark} />
      </span>
    );
  }
  return <MaskedButton text={text} mark={mark} />;
}

/** No `button` element: what stands in one cannot be selected together with the text around it. */
function MaskedButton({ text, mark }: MaskedProps): ReactElement | null {
  const host = useCardHost();
  const ref = useRef<HTMLSpanElement>(null);
  const gone = host?.gone;
  useEffect(() => {
    const element = ref.current;
    return () => {
      if (element !== null) gone?.(element);
    };
  }, [gone]);
  if (host === null) return null;
  return (
    <span
      ref={ref}
      role="button"
      tabIndex={0}
      aria-haspopup="dialog"
      className="mask mask-opens"
      onPointerEnter={({ currentTarget }) => {
        host.peek(mark, currentTarget);
      }}
      onPointerLeave={host.leave}
      onFocus={({ currentTarget }) => {
        if (currentTarget.matches(':focus-visible')) host.peek(mark, currentTarget);
      }}
      onBlur={host.leave}
      onClick={(event) => {
        event.stopPropagation();
        host.open(mark, event.currentTarget);
      }}
      onKeyDown={(event: KeyboardEvent<HTMLSpanElement>) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        host.open(mark, event.currentTarget);
      }}
    >
      <Inside text={text} mark={mark} />
    </span>
  );
}

function Inside({ text, mark }: MaskedProps): ReactElement {
  return (
    <>
      <span className="mask-text">
        <EyeOff size={11} className="mr-[3px] inline align-[-1px]" aria-hidden />
        {text === '' ? null : <Visible text={text} />}
      </span>
      {mark.tag === undefined ? null : (
        <span className="mask-tag" aria-hidden>
          {mark.tag}
        </span>
      )}
      <span className="sr-only select-none"> ({mark.label})</span>
    </>
  );
}
