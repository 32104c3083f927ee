import { Fragment } from 'react';
import type { ReactElement } from 'react';
import { Visible } from './visible.tsx';

/** Text from elsewhere that is one long word, such as an address: it may break after its punctuation. */
export function Breakable({ text }: { readonly text: string }): ReactElement {
  return (
    <>
      {text.split(/(?<=[/?&=:_-])(?![/?&=:_-])/).map((part, index) => (
        <Fragment key={index}>
          <Visible text={part} />
          <wbr />
        </Fragment>
      ))}
    </>
  );
}
