import { ChevronRight } from 'lucide-react';
import type { ReactElement } from 'react';
import type { AppInfo, ReceiverCounts } from '../../../src/shared/contract/messages.ts';
import { formatCount, plural } from '../../model/format.ts';
import { otlpEnvironment, spanTokenFile } from '../../model/otlp-snippet.ts';
import { hueVariable } from '../../model/owner.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SettingGroup, SettingRow } from '../../ui/setting-row.tsx';
import { Switch } from '../../ui/switch.tsx';
import { Visible } from '../../ui/visible.tsx';
import type { GroupProps } from './settings-room.tsx';

/** Spans that agents and servers send of their own. */
export function ReceiverGroup({ feed, canManage, saving, app }: GroupProps): ReactElement {
  const { settings, fixed, receiver } = feed;
  return (
    <SettingGroup title="Spans of others">
      <SettingRow
        label="Receive spans over OTLP"
        hint="Spans of agents and servers join the trace they belong to. Servers started here are told where to send theirs."
        fixed={fixed.receivesSpans ?? null}
        complaint={saving.complaintOf('receivesSpans')}
        control={
          <Switch
            label="Receive spans over OTLP"
            on={settings.receivesSpans}
            disabled={!canManage || fixed.receivesSpans !== undefined}
            onChange={(receivesSpans) => {
              saving.save({ receivesSpans });
            }}
          />
        }
      >
        {settings.receivesSpans && app !== null ? <Address app={app} /> : null}
      </SettingRow>
      <SettingRow label="Received" hint="Since the gateway started.">
        <Received counts={receiver} />
      </SettingRow>
    </SettingGroup>
  );
}

function Address({ app }: { readonly app: AppInfo }): ReactElement {
  const environment = otlpEnvironment(app.otlpUrl);
  return (
    <>
      <p className="mt-2 flex flex-wrap items-center gap-x-2 text-xs">
        <span className="text-ink-3">Address</span>
        <code className="min-w-0 font-mono [overflow-wrap:anywhere]">{app.otlpUrl}</code>
        <CopyButton text={app.otlpUrl} label="Copy the address for spans" className="-ml-1" />
      </p>
      <details className="group mt-1">
        <summary className="flex w-fit cursor-default items-center gap-1 rounded text-xs font-medium text-ink-2 hover:text-ink">
          <ChevronRight size={13} className="group-open:rotate-90" aria-hidden />
          Point an agent or a server at it
        </summary>
        <div className="mt-1.5 overflow-hidden rounded-md border border-line">
          <div className="flex items-center justify-between gap-2 border-b border-line bg-chrome py-0.5 pr-1 pl-3 text-xs text-ink-2">
            <span className="min-w-0 truncate">In the environment of a program that has OpenTelemetry</span>
            <CopyButton text={environment} label="Copy the environment" wide />
          </div>
          <pre tabIndex={0} className="overflow-x-auto bg-sunken px-3 py-2.5 font-mono text-xs">
            {environment}
          </pre>
        </div>
        <p className="mt-1.5 text-xs text-ink-2">
          {app.tokenFile === null ? (
            'In the place of TOKEN goes the token that the gateway was started with.'
          ) : (
            <>
              In the place of TOKEN goes what is in{' '}
              <code className="font-mono text-ink [overflow-wrap:anywhere]">{spanTokenFile(app.tokenFile)}</code>
              <CopyButton
                text={spanTokenFile(app.tokenFile)}
                label="Copy the path of the token file"
                className="ml-0.5 align-middle"
              />
            </>
          )}
        </p>
      </details>
    </>
  );
}

function Received({ counts }: { readonly counts: ReceiverCounts }): ReactElement {
  const { acceptedSpans, rejectedSpans, requests, refusedRequests, services } = counts;
  if (requests + refusedRequests === 0) return <p className="mt-1 text-xs text-ink-3">Nothing has come yet.</p>;
  return (
    <div className="mt-1 space-y-1 text-xs">
      <p role="status">
        {plural(acceptedSpans, 'span')} in {plural(requests, 'request')}
        <span className={rejectedSpans > 0 ? 'text-warn' : 'text-ink-3'}> · {formatCount(rejectedSpans)} rejected</span>
        {refusedRequests === 0 ? null : (
          <span className="text-warn"> · {plural(refusedRequests, 'request')} refused whole</span>
        )}
      </p>
      {services.length === 0 ? null : (
        <ul aria-label="Services that sent spans" className="flex flex-wrap gap-x-3 gap-y-1">
          {services.map((service) => (
            <li key={service} className="inline-flex min-w-0 items-center gap-1.5 text-ink-2">
              <i className="size-2 shrink-0 rounded-[2px]" style={{ background: hueVariable(service) }} aria-hidden />
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <Visible text={service} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
