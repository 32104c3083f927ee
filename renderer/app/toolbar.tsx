import { CircleHelp, FileInput, PanelLeft, Plug } from 'lucide-react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { FilterBox } from '../features/traces/filter-box.tsx';
import { KeptCount, LiveControls } from '../features/traces/live-controls.tsx';
import { LIST_ELEMENT_ID } from '../features/traces/trace-list.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Logo } from '../ui/logo.tsx';
import { focusElement } from './commands.ts';
import type { Session } from './session.ts';
import type { PrefsStore } from './store.prefs.ts';
import { RoomSwitch } from './room-switch.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

export interface ToolbarProps {
  readonly session: Session;
  readonly prefs: PrefsStore;
  /** True where the sources are behind a button. */
  readonly sourcesHidden: boolean;
}

export function Toolbar({ session, prefs, sourcesHidden }: ToolbarProps): ReactElement {
  const connected = useStore(session.bridge.status, (status) => status.phase === 'ready');
  const recording = useStore(session.settings.store, ({ feed }) => feed?.settings.isRecording ?? true);
  return (
    <header
      role="banner"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b max-[399px]:gap-x-1 border-line bg-chrome px-3 py-[7px]"
    >
      <div className="flex shrink-0 items-center gap-2">
        {sourcesHidden ? (
          <IconButton
            label="Sources"
            className="-ml-1.5"
            onClick={() => {
              session.layout.setState((state) => ({ sourcesOpen: !state.sourcesOpen }));
            }}
          >
            <PanelLeft size={15} aria-hidden />
          </IconButton>
        ) : null}
        <span className={sourcesHidden ? 'max-[399px]:hidden' : ''}>
          <Logo size={18} />
        </span>
        <span className="text-base font-semibold tracking-[-0.01em] max-xl:sr-only">Throughline</span>
      </div>
      <RoomSwitch session={session} />
      <LiveControls
        list={session.list}
        connected={connected}
        recording={recording}
        onPause={session.setPaused}
        onSettings={() => {
          session.layout.setState({ room: 'settings' });
        }}
      />
      <div className="order-last flex min-w-0 basis-full sm:order-none sm:flex-1 sm:basis-[220px]">
        <FilterBox
          list={session.list}
          onEnter={() => {
            session.layout.setState({ room: 'live' });
          }}
          onLeave={() => {
            focusElement(LIST_ELEMENT_ID);
          }}
        />
      </div>
      <span className="max-md:hidden">
        <KeptCount list={session.list} />
      </span>
      <div className="ml-auto flex shrink-0 items-center gap-0.5 sm:ml-0">
        <Button
          size="small"
          className="mr-1 h-7"
          title="Connect a client"
          onClick={() => {
            session.layout.setState({ dialog: 'connect' });
          }}
        >
          <Plug size={13} aria-hidden />
          <span className="max-lg:sr-only">Connect a client</span>
        </Button>
        <IconButton
          label="Open files with traces (Ctrl O)"
          className="max-[399px]:hidden"
          onClick={session.imports.open}
        >
          <FileInput size={14} aria-hidden />
        </IconButton>
        <ThemeSwitch prefs={prefs} />
        <IconButton
          label="Keys (?)"
          onClick={() => {
            session.layout.setState({ dialog: 'help' });
          }}
        >
          <CircleHelp size={14} aria-hidden />
        </IconButton>
      </div>
    </header>
  );
}
