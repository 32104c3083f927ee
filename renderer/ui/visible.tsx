import { EyeOff } from 'lucide-react';
import type { ReactElement } from 'react';
import { markedPieces } from './marks.ts';
import type { Mark } from './marks.ts';
import { visiblePieces } from './visible-text.ts';

const PLAIN = /^[\x20-\x7e]*$/;

export interface VisibleProps {
  readonly text: string;
  readonly keep?: 'nothing' | 'line-breaks';
}

/** Text from elsewhere: what cannot be seen, or would reorder its neighbours, is shown as an escape. */
export function Visible({ text, keep = 'nothing' }: VisibleProps): ReactElement {
  // Most text is plain; an element for each would double what a long list costs.
  if (PLAIN.test(text)) return <>{text}</>;
  return (
    <bdi>
      {visiblePieces(text, keep).map((piece, index) =>
        piece.escaped ? (
          <span key={index} className="unseen" title="A character that cannot be seen">
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </bdi>
  );
}

export interface MarkedTextProps extends VisibleProps {
  readonly marks: readonly Mark[];
}

/** The same, with what was hidden drawn as such and its reason on hover. */
export function MarkedText({ text, keep = 'nothing', marks }: MarkedTextProps): ReactElement {
  if (marks.length === 0) return <Visible text={text} keep={keep} />;
  return (
    <>
      {markedPieces(text, marks).map((piece, index) =>
        piece.mark === null ? (
          <Visible key={index} text={piece.text} keep={keep} />
        ) : (
          <span key={index} className="mask" title={piece.mark.label}>
            <EyeOff size={11} className="mr-0.5 inline align-[-1px]" aria-hidden />
            <Visible text={piece.text} keep={keep} />
            <span className="sr-only"> ({piece.mark.label})</span>
          </span>
        ),
      )}
    </>
  );
}
