import { useState } from 'react';
import type { ReactElement } from 'react';
import type { StoreStats } from '../../../src/shared/domain/trace.ts';
import { formatBytes, formatCount, plural } from '../../model/format.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SettingGroup, SettingRow } from '../../ui/setting-row.tsx';
import { Switch } from '../../ui/switch.tsx';
import { RetentionForm } from './retention-form.tsx';
import type { GroupProps } from './settings-room.tsx';

/** Where traces are kept, for how long, and what there is of them. */
export function HistoryGroup({ feed, canManage, saving, stats }: GroupProps): ReactElement {
  const { settings, fixed, historyFile } = feed;
  const [isAsked, setAsked] = useState(false);
  return (
    <SettingGroup title="History">
      <SettingRow
        label="Keep history on disk"
        hint="Traces are there again after a restart. Off: they are kept in memory, until the gateway ends."
        fixed={fixed.keepsHistory ?? null}
        complaint={saving.complaintOf('keepsHistory')}
        control={
          <Switch
            label="Keep history on disk"
            on={settings.keepsHistory}
            disabled={!canManage || fixed.keepsHistory !== undefined}
            onChange={(keepsHistory) => {
              if (keepsHistory) saving.save({ keepsHistory });
              else setAsked(true);
            }}
          />
        }
      >
        {isAsked && settings.keepsHistory ? (
          <Notice kind="warn" className="mt-2">
            The file is deleted. What is in it stays in memory, until the gateway ends.
            <span className="mt-1.5 flex gap-2">
              <Button
                size="small"
                look="danger"
                onClick={() => {
                  setAsked(false);
                  saving.save({ keepsHistory: false });
                }}
              >
                Delete the file
              </Button>
              <Button
                size="small"
                look="quiet"
                onClick={() => {
                  setAsked(false);
                }}
              >
                Keep history
              </Button>
            </span>
          </Notice>
        ) : null}
        {historyFile === null ? null : (
          <p className="mt-1.5 flex flex-wrap items-center gap-x-2 text-xs">
            <span className="text-ink-3">File</span>
            <code className="min-w-0 font-mono [overflow-wrap:anywhere]">{historyFile}</code>
            <CopyButton text={historyFile} label="Copy the path of the history" className="-ml-1" />
            <span className="text-ink-3">Only your user can read it.</span>
          </p>
        )}
      </SettingRow>
      <SettingRow
        label="How much is kept"
        hint="What is over any of the limits goes, the oldest whole trace first."
        fixed={fixed.retention ?? null}
        complaint={saving.complaintOf('retention')}
      >
        <RetentionForm
          retention={settings.retention}
          stats={stats}
          disabled={!canManage || fixed.retention !== undefined}
          onSave={(retention) => {
            saving.save({ retention });
          }}
        />
      </SettingRow>
      <SettingRow label="Kept now" hint="And what had to go since the gateway started.">
        {stats === null ? (
          <p className="mt-1 text-xs text-ink-3">The gateway has not said yet.</p>
        ) : (
          <Kept stats={stats} />
        )}
      </SettingRow>
    </SettingGroup>
  );
}

function Kept({ stats }: { readonly stats: StoreStats }): ReactElement {
  const { traces, spans, bytes, budgetBytes, evictedTraces, droppedSpans, droppedPayloads } = stats;
  const share = budgetBytes === 0 ? 0 : Math.min(1, bytes / budgetBytes);
  const lost = droppedSpans + droppedPayloads;
  return (
    <div className="mt-1.5 max-w-[520px] text-xs">
      <div
        role="meter"
        aria-label="Room that is taken"
        aria-valuemin={0}
        aria-valuemax={budgetBytes}
        aria-valuenow={bytes}
        aria-valuetext={`${formatBytes(bytes)} of ${formatBytes(budgetBytes)}`}
        className="h-1.5 overflow-hidden rounded-full bg-line"
      >
        <i className="block h-full min-w-[3px] rounded-full bg-accent" style={{ width: `${String(share * 100)}%` }} />
      </div>
      <p className="mt-1">
        {plural(traces, 'trace')} with {plural(spans, 'span')}: {formatBytes(bytes)} of {formatBytes(budgetBytes)}
      </p>
      <p className="text-ink-3">
        {evictedTraces === 0 ? 'No trace had to go.' : `${plural(evictedTraces, 'old trace')} went to make room.`}{' '}
        {lost === 0 ? (
          'Nothing was lost to a full queue.'
        ) : (
          <span className="text-warn">
            {formatCount(droppedSpans)} spans and {formatCount(droppedPayloads)} bodies were lost to full queues.
          </span>
        )}
      </p>
    </div>
  );
}
