import type { ReactElement } from 'react';
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
