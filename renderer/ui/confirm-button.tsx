import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { Button } from './button.tsx';

export interface ConfirmButtonProps {
  readonly word: string;
  /** What it says once pressed; the next press does it. */
  readonly question: string;
  /** What it is done to, where the word alone would not say. */
  readonly of?: string;
  readonly onConfirm: () => void;
}

/** Asks once more in place, for what cannot be undone. Leaving it takes the question back. */
export function ConfirmButton({ word, question, of, onConfirm }: ConfirmButtonProps): ReactElement {
  const [asked, setAsked] = useState(false);
  const takeBack = (): void => {
    setAsked(false);
  };
  return (
    <Button
      size="small"
      look={asked ? 'danger' : 'outline'}
      onClick={() => {
        if (asked) onConfirm();
        else setAsked(true);
      }}
      onBlur={takeBack}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !asked) return;
        event.stopPropagation();
        takeBack();
      }}
    >
      <Trash2 size={12} aria-hidden />
      <span aria-live="polite">{asked ? question : word}</span>
      {of === undefined ? null : <span className="sr-only"> {of}</span>}
    </Button>
  );
}
