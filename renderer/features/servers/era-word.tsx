import type { ReactElement } from 'react';
import { eraHint, eraWord } from '../../model/era.ts';

/** The era of a server or a client in a word, and on hover which versions that is about. */
export function EraWord({ versions }: { readonly versions: readonly string[] }): ReactElement | null {
  const word = eraWord(versions);
  if (word === '') return null;
  return (
    <span className="shrink-0 text-2xs/4 text-ink-3" title={eraHint(versions)}>
      {word}
    </span>
  );
}
