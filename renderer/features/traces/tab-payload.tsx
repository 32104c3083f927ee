import { useMemo, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { PayloadDirection, RedactedPayload, RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import type { PayloadInfo } from '../../../src/shared/domain/trace.ts';
import type { Api } from '../../bridge/bridge.ts';
import { formatBytes, plural } from '../../model/format.ts';
import { payloadBody, PREVIEW_CHARACTERS } from '../../model/payload-body.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { MarkedText } from '../../ui/marked.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Visible } from '../../ui/visible.tsx';
import { marksByPath, useMarkOf } from './redaction-slot.ts';
import type { OpenTraceStore } from './store.trace.ts';
import { Quiet } from './tab-overview.tsx';
import { usePayload } from './use-payload.ts';

export interface PayloadTabProps {
  readonly trace: OpenTraceStore;
  readonly api: Api;
  readonly span: RedactedSpan;
}

const LABELS: Readonly<Record<PayloadDirection, string>> = { request: 'Request', response: 'Response' };

export function PayloadTab({ trace, api, span }: PayloadTabProps): ReactElement {
  const payloads = useStore(trace.store, (state) => state.shown.payloads);
  const chosen = useStore(trace.store, (state) => state.direction);
  const own = payloads.filter((payload) => payload.spanId === span.spanId);
  const info = own.find((payload) => payload.direction === chosen) ?? own[0];
  if (info === undefined) return <NoPayload trace={trace} payloads={payloads} open={span.endTime === null} />;
  const head = (
    <div className="flex items-center gap-1" role="group" aria-label="Direction">
      {own.map((payload) => (
        <button
          key={payload.direction}
          type="button"
          aria-pressed={payload === info}
          onClick={() => {
            trace.setDirection(payload.direction);
          }}
          className={`h-6 rounded px-2 text-xs font-medium ${payload === info ? 'bg-selected text-ink' : 'text-ink-3 hover:text-ink'}`}
        >
          {LABELS[payload.direction]}
          <span className="ml-1.5 font-normal text-ink-3">{formatBytes(payload.originalBytes)}</span>
        </button>
      ))}
      {span.endTime === null && own.length === 1 ? <span className="px-2 text-accent">no answer yet</span> : null}
    </div>
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Body key={`${info.spanId} ${info.direction}`} trace={trace} api={api} span={span} info={info} head={head} />
    </div>
  );
}

function Bar({ head, children }: { readonly head: ReactNode; readonly children?: ReactNode }): ReactElement {
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 border-b border-line bg-chrome px-1.5 py-1 text-xs text-ink-3">
      {head}
      {children}
    </div>
  );
}

function NoPayload({
  trace,
  payloads,
  open,
}: {
  trace: OpenTraceStore;
  payloads: readonly PayloadInfo[];
  open: boolean;
}): ReactElement {
  const spans = useStore(trace.store, (state) => state.shown.spans);
  const holders = [...new Set(payloads.map((payload) => payload.spanId))].slice(0, 6);
  return (
    <div className="overflow-auto">
      <Quiet>No payload was captured on this span{open ? ' yet' : ''}.</Quiet>
      {holders.length === 0 ? null : (
        <div className="flex flex-wrap items-center gap-1.5 px-3 text-xs text-ink-3">
          See
          {holders.map((spanId) => (
            <Button
              key={spanId}
              size="small"
              onClick={() => {
                trace.selectSpan(spanId);
              }}
            >
              <Visible text={spans.find((each) => each.spanId === spanId)?.name ?? spanId} />
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

interface BodyProps {
  readonly trace: OpenTraceStore;
  readonly api: Api;
  readonly span: RedactedSpan;
  readonly info: PayloadInfo;
  readonly head: ReactNode;
}

function Body({ trace, api, span, info, head }: BodyProps): ReactElement {
  const state = usePayload(api, span.traceId, info);
  switch (state.phase) {
    case 'loading':
      return <Bar head={head} />;
    case 'gone':
      return (
        <>
          <Bar head={head} />
          <Quiet>This payload is no longer kept: newer ones took its place.</Quiet>
        </>
      );
    case 'failed':
      return (
        <>
          <Bar head={head} />
          <Notice kind="error" className="m-3">
            {state.message}
          </Notice>
        </>
      );
    case 'ready':
      return <Captured trace={trace} span={span} payload={state.payload} head={head} />;
  }
}

interface CapturedProps extends Pick<BodyProps, 'trace' | 'span' | 'head'> {
  readonly payload: RedactedPayload;
}

function Captured({ trace, span, payload, head }: CapturedProps): ReactElement {
  const [all, setAll] = useState(false);
  const target = useStore(trace.store, (state) => state.target);
  const markOf = useMarkOf(span, payload.direction);
  const body = useMemo(() => payloadBody(payload, all), [payload, all]);
  const marks = useMemo(() => marksByPath(payload.findings, markOf), [payload, markOf]);
  const cut = body.kind === 'text' && body.cut;
  return (
    <>
      <Bar head={head}>
        <span className="ml-auto flex items-center gap-x-3 pl-1.5">
          {payload.findings.length === 0 ? null : (
            <span className="text-mask">{plural(payload.findings.length, 'value')} hidden</span>
          )}
          {payload.mediaType === 'application/json' ? null : <span>{payload.mediaType}</span>}
          <CopyButton text={payload.text} label="Copy this payload as it was recorded" wide />
        </span>
      </Bar>
      {payload.truncated ? (
        <Notice kind="warn" className="m-2 mb-0">
          Only the first {formatBytes(payload.text.length)} of {formatBytes(payload.originalBytes)} were recorded.
          Everything was passed on.
        </Notice>
      ) : null}
      {cut ? (
        <div className="flex items-center gap-2 px-3 pt-2 text-xs text-ink-2">
          Preview: the first {formatBytes(PREVIEW_CHARACTERS)} of {formatBytes(payload.text.length)}.
          <Button
            size="small"
            onClick={() => {
              setAll(true);
            }}
          >
            Show all
          </Button>
        </div>
      ) : null}
      {body.kind === 'json' ? (
        <JsonView value={body.value} marks={marks} label="Payload" target={target} />
      ) : (
        <pre
          tabIndex={0}
          className="min-h-0 flex-1 overflow-auto px-3 py-2 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          <MarkedText text={body.text} keep="line-breaks" marks={body.isWhole ? (marks.get('') ?? []) : []} />
        </pre>
      )}
    </>
  );
}
