import { Play, RotateCw, ScrollText, Square } from 'lucide-react';
import type { ReactElement } from 'react';
import type { ServerView } from '../../../src/shared/domain/server.ts';
import { plural } from '../../model/format.ts';
import { canStop, protocolFact, sessionWords, startWord } from '../../model/server-state.ts';
import { Breakable } from '../../ui/breakable.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Visible } from '../../ui/visible.tsx';
import { EndpointLine } from './endpoint-line.tsx';
import { Fact, Facts } from './facts.tsx';
import { OfferedItems } from './offered-items.tsx';

/** What a reader may do with a server. */
export interface ServerActions {
  readonly onRestart: () => void;
  readonly onStop: () => void;
  readonly onRemove: () => void;
  readonly onLog: () => void;
}

export interface ServerDetailProps extends ServerActions {
  readonly server: ServerView;
  readonly origin: string;
  readonly canManage: boolean;
}

export function ServerDetail(props: ServerDetailProps): ReactElement {
  const { server, origin, canManage, onLog } = props;
  const identity = [server.serverName, server.serverVersion].filter((part) => part !== null).join(' ');
  const protocol = protocolFact(server);
  return (
    <div className="space-y-2 border-b border-line pt-1 pr-3 pb-3 pl-6 text-xs">
      <Facts>
        <Fact name={server.transport === 'stdio' ? 'Program' : 'Address'}>
          <span className="font-mono text-2xs">
            <Breakable text={server.address} />
          </span>
        </Fact>
        {identity === '' ? null : (
          <Fact name="Calls itself">
            <Visible text={identity} />
          </Fact>
        )}
        {protocol === null ? null : (
          <Fact name="Protocol">
            <Visible text={protocol} />
          </Fact>
        )}
        {server.pid === null ? null : <Fact name="Process">{server.pid}</Fact>}
        <Fact name="Session">{sessionWords(server)}</Fact>
        <Fact name="Prefix">
          <span className="font-mono text-2xs">
            <Visible text={server.prefix} />
          </span>
        </Fact>
        <Fact name="Endpoint">
          <EndpointLine origin={origin} id={server.id} />
        </Fact>
      </Facts>
      <OfferedItems server={server} />
      {server.transport === 'stdio' ? <LogButton server={server} onLog={onLog} /> : null}
      {canManage ? <Actions {...props} /> : null}
    </div>
  );
}

function LogButton({ server, onLog }: Pick<ServerDetailProps, 'server' | 'onLog'>): ReactElement {
  const { logLines } = server;
  return (
    <Button
      size="small"
      className="w-full"
      onClick={onLog}
      aria-label={`Server log of ${server.id}, ${plural(logLines, 'line')}`}
    >
      <span className="inline-flex flex-1 items-center gap-1.5">
        <ScrollText size={12} aria-hidden />
        Server log
      </span>
      <span className="font-normal text-ink-3">{logLines === 0 ? 'nothing yet' : plural(logLines, 'line')}</span>
    </Button>
  );
}

function Actions({ server, onRestart, onStop, onRemove }: ServerDetailProps): ReactElement {
  const start = startWord(server.state);
  return (
    <div className="flex flex-wrap gap-1.5">
      <Button size="small" onClick={onRestart}>
        {start === null ? <RotateCw size={12} aria-hidden /> : <Play size={12} aria-hidden />}
        {start ?? 'Restart'}
      </Button>
      {canStop(server.state) ? (
        <Button size="small" onClick={onStop} title="Stops it until somebody starts it">
          <Square size={11} aria-hidden />
          Stop
        </Button>
      ) : null}
      <ConfirmButton word="Remove" question="Really remove?" onConfirm={onRemove} />
    </div>
  );
}
