import { EyeOff, Minus, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ReactElement, SyntheticEvent } from 'react';
import type { Explanation } from '../../../src/shared/domain/redaction.ts';
import type { Api } from '../../bridge/bridge.ts';
import { gatheredSteps } from '../../model/explanation.ts';
import { bringIntoView } from '../../ui/bring-into-view.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PlainField } from '../../ui/plain-field.tsx';
import { latest, useAnswer } from '../../bridge/use-answer.ts';

export interface Question {
  readonly key: string;
  readonly value: string;
}

export interface WhyPanelProps {
  readonly api: Api;
  /** Asked from elsewhere; another object each time. */
  readonly question: Question | null;
  /** Changes when the rules do. */
  readonly generation: string;
  /** Null where no rule may be added. */
  readonly onAdd: ((question: Question) => void) | null;
}

/** Says of one value what each rule made of it. */
export function WhyPanel({ api, question, generation, onAdd }: WhyPanelProps): ReactElement {
  const [asked, setAsked] = useState<Question | null>(question);
  const [known, setKnown] = useState(question);
  if (question !== known) {
    setKnown(question);
    if (question !== null) setAsked(question);
  }
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (question !== null && form.current !== null) bringIntoView(form.current, 'top');
  }, [question]);
  const state = useAnswer(asked === null ? null : JSON.stringify([asked, generation]), (signal) =>
    api.redaction.explain(asked ?? { key: '', value: '' }, { signal }),
  );
  const explanation = latest(state);
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const value = textOf(data.get('value'));
    setAsked(value === '' ? null : { key: textOf(data.get('key')).trim(), value });
  };
  return (
    <>
      <form
        ref={form}
        onSubmit={submit}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-end gap-2 px-3 py-2 @min-[460px]:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]"
      >
        <PlainField
          label="Name"
          name="key"
          start={asked?.key ?? ''}
          placeholder="none"
          className="@max-[459px]:col-span-2"
        />
        <PlainField label="Value" name="value" start={asked?.value ?? ''} placeholder="A value that is readable" />
        <Button type="submit">Explain</Button>
      </form>
      {state.phase === 'failed' ? (
        <Notice kind="error" className="mx-3 mb-2">
          {state.message}
        </Notice>
      ) : null}
      {explanation === null || asked === null ? null : (
        <Steps
          explanation={explanation}
          onAdd={
            onAdd === null
              ? null
              : () => {
                  onAdd(asked);
                }
          }
        />
      )}
    </>
  );
}

function textOf(entry: FormDataEntryValue | null): string {
  return typeof entry === 'string' ? entry : '';
}

function Steps({ explanation, onAdd }: { explanation: Explanation; onAdd: (() => void) | null }): ReactElement {
  const { isHidden } = explanation;
  const steps = gatheredSteps(explanation);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current !== null) bringIntoView(box.current, 'center');
  }, [explanation]);
  return (
    <div ref={box} role="status" className="pb-2 text-xs">
      <div className="flex items-center gap-2 px-3 py-1">
        <strong className="min-w-0 flex-1 font-medium">
          {isHidden ? 'It is hidden.' : 'No rule hides it. This is what each of them saw:'}
        </strong>
        {isHidden || onAdd === null ? null : (
          <Button size="small" onClick={onAdd}>
            <Plus size={12} aria-hidden />
            Add rule…
          </Button>
        )}
      </div>
      <ol aria-label="What each rule made of it">
        {steps.map((step, index) => (
          <li key={index} className="flex gap-2 px-3 py-1">
            {step.found ? (
              <EyeOff size={13} className="mt-[1.5px] shrink-0 text-mask" aria-hidden />
            ) : (
              <Minus size={13} className="mt-[1.5px] shrink-0 text-ink-3" aria-hidden />
            )}
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <span className={step.found ? 'font-medium text-mask' : 'text-ink-2'}>{step.titles.join(', ')}:</span>{' '}
              <span className="sr-only">{step.found ? 'found it.' : 'found nothing.'}</span>
              <span className="text-ink-3">{step.why}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
