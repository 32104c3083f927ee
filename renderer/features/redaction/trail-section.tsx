import { ArrowRight } from 'lucide-react';
import type { ReactElement, SyntheticEvent } from 'react';
import { useStore } from 'zustand';
import type { TrailStep } from '../../../src/shared/domain/redaction.ts';
import { isHash } from '../../model/finding.ts';
import { formatDuration, formatInstant, plural } from '../../model/format.ts';
import { GATEWAY_OWNER, hueVariable } from '../../model/owner.ts';
import { countTrail, trailStops } from '../../model/trail.ts';
import type { TrailStop } from '../../model/trail.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PlainField } from '../../ui/plain-field.tsx';
import { Visible } from '../../ui/visible.tsx';
import type { RedactionStore } from './store.redaction.ts';
import { latest, useAnswer } from '../../bridge/use-answer.ts';

export interface TrailSectionProps {
  readonly redaction: RedactionStore;
  readonly onGoTo: (step: TrailStep) => void;
}

/** Where one secret was met, from span to span. */
export function TrailSection({ redaction, onGoTo }: TrailSectionProps): ReactElement {
  const hash = useStore(redaction.store, (state) => state.trailHash);
  const isKnown = isHash(hash);
  const state = useAnswer(isKnown ? hash : null, (signal) => redaction.api.redaction.trail({ hash }, { signal }));
  const steps = isKnown ? latest(state) : null;
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get('hash');
    redaction.store.setState({ trailHash: typeof typed === 'string' ? typed.trim().toLowerCase() : '' });
  };
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4">
      <div className="max-w-[760px]">
        <p className="mb-3 text-sm text-ink-2">
          A secret has the same keyed hash wherever it is met in this run of the gateway, so its way can be followed
          without anybody knowing it. Choose “Follow this secret” on anything that is hidden, or write a hash here.
        </p>
        <form onSubmit={submit} className="flex max-w-[420px] items-end gap-2">
          <PlainField label="Hash" name="hash" start={hash} placeholder="16 hex digits" className="flex-1" />
          <Button type="submit">Follow</Button>
        </form>
        {hash !== '' && !isKnown ? (
          <p role="alert" className="mt-1 text-xs text-error">
            A hash is 16 digits from 0 to 9 and a to f.
          </p>
        ) : null}
        {state.phase === 'failed' && isKnown ? (
          <Notice kind="error" className="mt-3">
            {state.message}
          </Notice>
        ) : null}
        {steps === null ? null : <Trail steps={steps} onGoTo={onGoTo} />}
      </div>
    </div>
  );
}

function Trail({ steps, onGoTo }: { steps: readonly TrailStep[]; onGoTo: TrailSectionProps['onGoTo'] }): ReactElement {
  const stops = trailStops(steps);
  const counts = countTrail(stops);
  if (stops.length === 0) {
    return (
      <p role="status" className="mt-5 text-sm text-ink-3">
        No kept span has it. It may have been met in an earlier run, whose hashes lead nowhere now, or its traces are no
        longer kept.
      </p>
    );
  }
  return (
    <>
      <p role="status" className="mt-5 mb-3 text-sm font-medium">
        Met in {plural(counts.places, 'place')}: {plural(counts.spans, 'span')} of {plural(counts.traces, 'trace')}
        {counts.servers === 0 ? '' : `, ${plural(counts.servers, 'server')}`}.
      </p>
      <ol aria-label="Way of the secret">
        {stops.map((stop, index) => (
          <Stop
            key={`${stop.traceId} ${stop.spanId}`}
            stop={stop}
            isLast={index === stops.length - 1}
            onGoTo={onGoTo}
          />
        ))}
      </ol>
    </>
  );
}

interface StopProps {
  readonly stop: TrailStop;
  readonly isLast: boolean;
  readonly onGoTo: TrailSectionProps['onGoTo'];
}

function Stop({ stop, isLast, onGoTo }: StopProps): ReactElement {
  const [date = '', clock = ''] = formatInstant(stop.startTime).split(' ');
  const hue = hueVariable(stop.serverId ?? GATEWAY_OWNER);
  return (
    <li className="grid grid-cols-[84px_14px_minmax(0,1fr)] gap-x-3 max-[480px]:grid-cols-[14px_minmax(0,1fr)]">
      <div className="pt-0.5 text-right text-xs max-[480px]:hidden">
        <time dateTime={`${date}T${clock}`} title={`${date} ${clock}`}>
          {clock.slice(0, 12)}
        </time>
        {stop.afterMs === null ? null : (
          <span className="block text-2xs text-ink-3">+{formatDuration(stop.afterMs)}</span>
        )}
      </div>
      <div className="relative flex justify-center" aria-hidden>
        {isLast ? null : <i className="absolute top-3 bottom-[-6px] w-px bg-line-strong" />}
        <i className="relative mt-[5px] size-[9px] rounded-full ring-3 ring-page" style={{ background: hue }} />
      </div>
      <div className="min-w-0 pb-4">
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
          <strong className="font-semibold">
            <Visible text={stop.spanName} />
          </strong>
          <span className="text-xs text-ink-3">
            {stop.serverId === null ? 'the gateway' : <Visible text={stop.serverId} />}
          </span>
          <span className="text-2xs text-ink-3 min-[481px]:hidden">{clock.slice(0, 12)}</span>
          {stop.beginsTrace && stop.afterMs !== null ? (
            <span className="rounded bg-accent-soft px-1.5 text-2xs text-accent">another call</span>
          ) : null}
        </p>
        <ul className="mt-0.5">
          {stop.places.map(({ part, name, step }, index) => (
            <li key={index}>
              <button
                type="button"
                title="Go to the place"
                onClick={() => {
                  onGoTo(step);
                }}
                className="group inline-flex max-w-full items-baseline gap-1.5 text-left text-xs hover:underline"
              >
                <span className="shrink-0 text-ink-3">{part}</span>
                {name === '' ? null : (
                  <span className="min-w-0 font-mono [overflow-wrap:anywhere]">
                    <Visible text={name} />
                  </span>
                )}
                <span className="shrink-0 text-2xs text-mask">{step.finding.rule}</span>
                <ArrowRight size={11} className="shrink-0 self-center text-ink-3" aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      </div>
    </li>
  );
}
