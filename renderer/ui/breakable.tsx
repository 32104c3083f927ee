import { Fragment } from 'react';
import type { ReactElement } from 'react';
import { Visible } from './visible.tsx';

/** Between the end of an address's punctuation and what follows. */
const AFTER_PUNCTUATION = /(?<=[/?&=:_-])(?![/?&=:_-])/;

export interface BreakableProps {
  readonly text: string;
  /** Matches the places, without a length, at which the text may break. */
  readonly at?: RegExp;
}

/** Text from elsewhere that is one long word, such as an address: it may break after its punctuation. */
export function Breakable({ text, at = AFTER_PUNCTUATION }: BreakableProps): ReactElement {
  return (
    <>
      {text.split(at).map((part, index) => (
        <Fragment key={index}>
          <Visible text={part} />
          <wbr />
        </Fragment>
      ))}
    </>
  );
}
