import { CircleCheck, CircleX, Send } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import type { ForwardPreview, ForwardTrial } from '../../../src/shared/contract/messages.ts';
import type { Api } from '../../bridge/bridge.ts';
import { describeFailure } from '../../bridge/failure.ts';
import { latest, useAnswer } from '../../bridge/use-answer.ts';
import type { NamedEndpoint } from '../../model/endpoint-draft.ts';
import { formatBytes, formatCount, plural } from '../../model/format.ts';
import { protocolWord } from '../../model/forward-state.ts';
import { Breakable } from '../../ui/breakable.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Visible } from '../../ui/visible.tsx';

const NO_MARKS = new Map<string, never>();

export interface PreviewStepProps {
  readonly api: Api;
  readonly named: NamedEndpoint;
  readonly formerName: string | null;
  readonly busy: boolean;
  readonly complaint: string | null;
  /** False: the endpoint is saved switched off. */
  readonly sends: boolean;
  /** What the button that goes back says. */
  readonly back: string;
  readonly onBack: () => void;
  readonly onSave: () => void;
}

/** What would leave this machine, exactly, before anything does. */
export function PreviewStep(props: PreviewStepProps): ReactElement {
  const { api, named, formerName, busy, complaint, sends, back, onBack, onSave } = props;
  const { endpoint } = named;
  const state = useAnswer(JSON.stringify([formerName, named]), (signal) =>
    api.forwarding.preview({ name: formerName, endpoint }, { signal }),
  );
  const preview = latest(state);
  return (
    <div className="space-y-3">
      {complaint === null ? null : <Notice kind="error">{complaint}</Notice>}
      {state.phase === 'failed' ? <Notice kind="error">{state.message}</Notice> : null}
      {preview === null ? (
        <p className="min-h-[240px] text-sm text-ink-3">
          {state.phase === 'failed' ? '' : 'Finding out what would leave…'}
        </p>
      ) : (
        <>
          <Facts preview={preview} named={named} />
          <Sample preview={preview} />
        </>
      )}
      <Trial api={api} named={named} formerName={formerName} />
      <div className="sticky -bottom-4 z-10 -mx-5 -mb-4 flex flex-wrap items-center justify-end gap-2 rounded-b-[10px] border-t border-line bg-raised px-5 py-3.5">
        <Button onClick={onBack}>{back}</Button>
        <Button look="solid" disabled={busy || preview === null} onClick={onSave}>
          {sends ? 'Save and send' : 'Save, switched off'}
        </Button>
      </div>
    </div>
  );
}

function Facts({ preview, named }: { readonly preview: ForwardPreview; readonly named: NamedEndpoint }): ReactElement {
  const { url, headerNames, matching, stored } = preview;
  const { protocol, payloads } = named.endpoint;
  const isBare = payloads.requests === 'none' && payloads.responses === 'none';
  return (
    <dl className="grid grid-cols-[76px_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm">
      <dt className="text-ink-3">To</dt>
      <dd>
        <code className="font-mono text-xs font-medium [overflow-wrap:anywhere]">
          <Breakable text={url} />
        </code>{' '}
        <span className="text-xs whitespace-nowrap text-ink-3">{protocolWord(protocol)}</span>
      </dd>
      <dt className="text-ink-3">Headers</dt>
      <dd className="text-xs leading-[18px]">
        {headerNames.length === 0 ? (
          <span className="text-ink-3">none of yours</span>
        ) : (
          <code className="font-mono [overflow-wrap:anywhere]">{headerNames.join(', ')}</code>
        )}
      </dd>
      <dt className="text-ink-3">Traces</dt>
      <dd>
        {formatCount(matching)} of the {formatCount(stored)} kept now match{' '}
        <span className="text-ink-3">· sent are those that finish from now on</span>
      </dd>
      <dt className="text-ink-3">Bodies</dt>
      <dd>{isBare ? 'none leave' : <strong className="font-semibold">leave, as they are shown here</strong>}</dd>
    </dl>
  );
}

function Sample({ preview: { sample } }: { readonly preview: ForwardPreview }): ReactElement {
  const value = useMemo(() => (sample === null ? null : parsed(sample.json)), [sample]);
  if (sample === null) {
    return (
      <Notice kind="info">
        No trace that is kept matches, so there is none to show. What would leave of one can be seen here once there is.
      </Notice>
    );
  }
  return (
    <section aria-label="What would leave" className="overflow-hidden rounded-md border border-line">
      <div className="flex items-center gap-2 border-b border-line bg-chrome py-0.5 pr-1 pl-3 text-xs text-ink-2">
        <span className="min-w-0 flex-1 truncate">
          The newest of them, exactly as it would leave: {plural(sample.spans, 'span')},{' '}
          {formatBytes(sample.json.length)}
        </span>
        <CopyButton text={sample.json} label="Copy what would leave" wide />
      </div>
      <div className="flex h-[260px] flex-col bg-sunken">
        {value === null ? (
          <pre tabIndex={0} className="overflow-auto p-3 font-mono text-xs whitespace-pre-wrap">
            <Visible text={sample.json} />
          </pre>
        ) : (
          <JsonView value={value} marks={NO_MARKS} label="The newest of them as OTLP/JSON" />
        )}
      </div>
    </section>
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Then it is shown as the text that it is.
    return null;
  }
}

type TrialState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'trying' }
  | { readonly phase: 'answered'; readonly trial: ForwardTrial }
  | { readonly phase: 'failed'; readonly message: string };

/** Asks the endpoint with a request that has no spans in it. */
function Trial({ api, named, formerName }: Pick<PreviewStepProps, 'api' | 'named' | 'formerName'>): ReactElement {
  const [state, setState] = useState<TrialState>({ phase: 'idle' });
  const begin = (): void => {
    setState({ phase: 'trying' });
    api.forwarding.try({ name: formerName, endpoint: named.endpoint }).then(
      (trial) => {
        setState({ phase: 'answered', trial });
      },
      (thrown: unknown) => {
        setState({ phase: 'failed', message: describeFailure(thrown).message });
      },
    );
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <Button size="small" disabled={state.phase === 'trying'} onClick={begin}>
        <Send size={12} aria-hidden />
        {state.phase === 'trying' ? 'Trying…' : 'Try it'}
      </Button>
      <p role="status" className="flex min-w-0 flex-1 basis-[200px] items-start gap-1.5 text-xs">
        <TrialWords state={state} />
      </p>
    </div>
  );
}

function TrialWords({ state }: { readonly state: TrialState }): ReactElement {
  if (state.phase === 'idle' || state.phase === 'trying')
    return <span className="text-ink-3">Sends a request without spans, to see whether it is taken.</span>;
  const { isOk, sentence } = state.phase === 'answered' ? state.trial : { isOk: false, sentence: state.message };
  return (
    <>
      {isOk ? (
        <CircleCheck size={13} className="mt-[1.5px] shrink-0 text-ok" aria-hidden />
      ) : (
        <CircleX size={13} className="mt-[1.5px] shrink-0 text-error" aria-hidden />
      )}
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <Visible text={sentence} />
      </span>
    </>
  );
}
