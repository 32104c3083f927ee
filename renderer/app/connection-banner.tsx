import { Unplug } from 'lucide-react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Bridge } from '../bridge/bridge.ts';
import { Button } from '../ui/button.tsx';
import { useNow } from '../ui/use-now.ts';

export function ConnectionBanner({ bridge }: { readonly bridge: Bridge }): ReactElement | null {
  const status = useStore(bridge.status);
  if (status.phase !== 'lost') return null;
  return (
    <div
      role="alert"
      className="flex shrink-0 flex-wrap items-center gap-2.5 border-b border-warn/40 bg-warn-soft px-3 py-1.5 text-sm"
    >
      <Unplug size={15} className="shrink-0 text-warn" aria-hidden />
      <span>
        <strong className="font-semibold">The gateway is not answering.</strong> What you see is what was last heard.
        Start it again with <code className="font-mono text-xs">npm start</code> if it was stopped.
      </span>
      <span className="ml-auto flex items-center gap-2 text-xs text-ink-2">
        <Countdown until={status.retryAt} />
        <Button
          size="small"
          onClick={() => {
            bridge.retryNow();
          }}
        >
          Try now
        </Button>
      </span>
    </div>
  );
}

function Countdown({ until }: { readonly until: number }): ReactElement {
  const now = useNow(true);
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000));
  return <span>{seconds === 0 ? 'Trying…' : `Trying again in ${String(seconds)} s`}</span>;
}
