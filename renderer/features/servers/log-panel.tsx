import { ScrollText, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { ServerView } from '../../../src/shared/domain/server.ts';
import { formatCount } from '../../model/format.ts';
import { hueVariable } from '../../model/owner.ts';
import { logRows, logText, rowNear } from '../../model/server-log.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { LogRows } from './log-rows.tsx';
import type { ServerLogStore } from './store.log.ts';
import type { ServersStore } from './store.servers.ts';

export interface LogPanelProps {
  readonly log: ServerLogStore;
  readonly servers: ServersStore;
  readonly onClose: () => void;
}

/** What one server prints, as it comes. */
export function LogPanel({ log, servers, onClose }: LogPanelProps): ReactElement | null {
  const opening = useStore(log.store, (state) => state.opening);
  return (
    <aside
      aria-label="Server log"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
      className="flex h-full min-h-0 flex-col bg-page"
    >
      <LogView key={opening} log={log} servers={servers} onClose={onClose} />
    </aside>
  );
}

function LogView({ log, servers, onClose }: LogPanelProps): ReactElement | null {
  const { serverId, lines, loaded, failure, target } = useStore(log.store);
  const views = useStore(servers.store, (state) => state.servers);
  const [term, setTerm] = useState('');
  const rows = useMemo(() => logRows(lines, term), [lines, term]);
  const found = rows.reduce((count, row) => count + (row.kind === 'line' ? 1 : 0), 0);
  if (serverId === null) return null;
  const server = views.find((each) => each.id === serverId);
  const targetIndex = target === null || !loaded || term !== '' ? null : rowNear(rows, target.at, target.text);
  return (
    <>
      <header className="flex shrink-0 flex-wrap items-center gap-x-2.5 gap-y-1 border-b border-line bg-chrome px-3 py-1">
        <ScrollText size={13} className="shrink-0 text-ink-3" aria-hidden />
        <h2 className="text-sm font-semibold">Server log</h2>
        <ServerChoice
          views={views}
          chosen={serverId}
          onChoose={(id) => {
            log.open(id);
          }}
        />
        <span className="text-xs whitespace-nowrap text-ink-3">
          {term === '' ? count(lines.length) : `${formatCount(found)} of ${count(lines.length)}`}
        </span>
        <span className="ml-auto flex min-w-0 items-center gap-1">
          <SearchBox
            value={term}
            onChange={setTerm}
            label="Find in the log"
            placeholder="Find in the log"
            className="w-[200px] min-w-[90px] shrink"
          />
          <CopyButton text={logText(rows)} label={term === '' ? 'Copy the log' : 'Copy the lines found'} wide />
          <IconButton label="Close the log (Esc)" onClick={onClose} className="-mr-1.5">
            <X size={14} aria-hidden />
          </IconButton>
        </span>
      </header>
      {failure === null ? null : (
        <Notice kind="error" className="m-2">
          {failure}
        </Notice>
      )}
      {rows.length === 0 && failure === null ? (
        <p className="px-3 py-4 text-xs text-ink-3">{emptyWords(loaded, term, serverId, server)}</p>
      ) : (
        <LogRows rows={rows} term={term} targetIndex={targetIndex} />
      )}
    </>
  );
}

function count(lines: number): string {
  return `${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'}`;
}

function emptyWords(loaded: boolean, term: string, id: ServerId, server: ServerView | undefined): string {
  if (!loaded) return 'Fetching the log…';
  if (term !== '') return `No line contains “${term}”.`;
  if (server !== undefined && server.transport !== 'stdio') {
    return `${id} runs elsewhere: the gateway does not see what it prints.`;
  }
  return `${id} has printed nothing yet. Its stderr, and whatever on its stdout is no message, appears here as it comes.`;
}

interface ServerChoiceProps {
  readonly views: readonly ServerView[];
  readonly chosen: ServerId;
  readonly onChoose: (id: ServerId) => void;
}

/** Only what the gateway started itself prints where it can be read. */
function ServerChoice({ views, chosen, onChoose }: ServerChoiceProps): ReactElement {
  const ids = views.filter((each) => each.transport === 'stdio' || each.id === chosen).map((each) => each.id);
  const all = ids.includes(chosen) ? ids : [chosen, ...ids];
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <i className="size-2 shrink-0 rounded-[2px]" style={{ background: hueVariable(chosen) }} aria-hidden />
      <select
        aria-label="Server whose log is shown"
        value={chosen}
        onChange={(event) => {
          const id = all.find((each) => each === event.target.value);
          if (id !== undefined) onChoose(id);
        }}
        className="field h-6 w-auto max-w-[180px] py-0 pr-1 pl-1.5 text-xs"
      >
        {all.map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
    </span>
  );
}
