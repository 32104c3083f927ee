import type { ReactElement } from 'react';
import { STATUS_LABELS } from '../../model/status.ts';
import type { ShownStatus } from '../../model/status.ts';

const HOURGLASS =
  'M5 22h14M5 2h14M17 22v-4.2a2 2 0 0 0-.6-1.4L12 12l-4.4 4.4a2 2 0 0 0-.6 1.4V22M7 2v4.2a2 2 0 0 0 .6 1.4L12 12l4.4-4.4a2 2 0 0 0 .6-1.4V2';
const RING = 'M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0Z';

/** One path each: a long list draws hundreds of these. */
const LOOKS: Readonly<Record<ShownStatus, { path: string; word: string; icon: string }>> = {
  ok: { path: `${RING}M8 12.5l2.8 2.8L16 9.5`, word: 'text-ink-3', icon: 'text-ok' },
  error: { path: `${RING}M15 9l-6 6M9 9l6 6`, word: 'text-error font-medium', icon: 'text-error' },
  blocked: { path: `${RING}M5 5l14 14`, word: 'text-warn font-medium', icon: 'text-warn' },
  cancelled: { path: `${RING}M8 12h8`, word: 'text-ink-2', icon: 'text-ink-3' },
  pending: { path: 'M12 2a10 10 0 1 0 10 10', word: 'text-accent font-medium', icon: 'text-accent running-dot' },
  waiting: { path: HOURGLASS, word: 'text-wait font-medium', icon: 'text-wait' },
};

export interface StatusMarkProps {
  readonly status: ShownStatus;
  readonly role?: 'gridcell';
}

/** How something ended: always an icon and a word, never colour alone. */
export function StatusMark({ status, role }: StatusMarkProps): ReactElement {
  const look = LOOKS[status];
  return (
    <span role={role} className={`inline-flex items-center gap-1.5 whitespace-nowrap ${look.word}`}>
      <svg
        width="13"
        height="13"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
        className={`shrink-0 ${look.icon}`}
        aria-hidden
      >
        <path d={look.path} />
      </svg>
      {STATUS_LABELS[status]}
    </span>
  );
}
