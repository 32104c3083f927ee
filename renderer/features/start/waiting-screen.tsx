import { Play } from 'lucide-react';
import type { ReactElement } from 'react';
import type { AppInfo } from '../../../src/shared/contract/messages.ts';
import type { Endpoint } from '../../model/endpoints.ts';
import { Button } from '../../ui/button.tsx';
import { ConnectGuide } from './connect-guide.tsx';

export interface WaitingScreenProps {
  readonly app: AppInfo | null;
  readonly endpoints: readonly Endpoint[];
  readonly onDemo: () => void;
}

/** Servers are there, but nobody has called yet. */
export function WaitingScreen({ app, endpoints, onDemo }: WaitingScreenProps): ReactElement {
  return (
    <div className="mx-auto w-full max-w-[640px] px-6 py-10">
      <h1 className="text-lg font-semibold">Waiting for the first call</h1>
      <p className="mt-1 text-sm text-ink-2">Connect a client to the gateway. Its calls appear here while they run.</p>
      {app === null ? null : (
        <div className="mt-5">
          <ConnectGuide app={app} endpoints={endpoints} />
        </div>
      )}
      {app?.canManage === true ? (
        <div className="mt-6 flex items-center gap-3 border-t border-line pt-4 text-sm text-ink-2">
          No client at hand?
          <Button onClick={onDemo}>
            <Play size={13} aria-hidden />
            Play the demo
          </Button>
        </div>
      ) : null}
    </div>
  );
}
