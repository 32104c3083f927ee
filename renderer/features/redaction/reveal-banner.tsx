import { Eye } from 'lucide-react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { formatClockMillis } from '../../model/format.ts';
import { Button } from '../../ui/button.tsx';
import type { RedactionStore } from './store.redaction.ts';

export interface RevealBannerProps {
  readonly redaction: RedactionStore;
  readonly canManage: boolean;
  readonly onStop: () => void;
}

/** Stands above everything for as long as secrets are kept. */
export function RevealBanner({ redaction, canManage, onStop }: RevealBannerProps): ReactElement | null {
  const since = useStore(redaction.store, ({ feed }) => feed?.revealingSince ?? null);
  if (since === null) return null;
  return (
    <div
      role="status"
      className="flex shrink-0 flex-wrap items-center gap-x-2.5 gap-y-1 border-b border-warn/40 bg-warn-soft px-3 py-1.5 text-sm"
    >
      <Eye size={15} className="shrink-0 text-warn" aria-hidden />
      <span className="min-w-0 flex-1 basis-[240px]">
        <strong className="font-semibold">Secrets are being kept in memory</strong> since{' '}
        {formatClockMillis(since).slice(0, 5)}, so that they can be shown. Nothing of them is stored or exported.
      </span>
      <Button size="small" disabled={!canManage} onClick={onStop}>
        Stop
      </Button>
    </div>
  );
}
