import { Ban, CircleCheck, CircleSlash, CircleX, LoaderCircle } from 'lucide-react';
import type { ReactElement } from 'react';
import type { TraceStatus } from '../../../src/shared/domain/trace.ts';
import { STATUS_LABELS } from '../../model/status.ts';

const LOOKS = {
  ok: { icon: CircleCheck, tint: 'text-ink-3', icontint: 'text-ok' },
  error: { icon: CircleX, tint: 'text-error font-medium', icontint: 'text-error' },
  blocked: { icon: Ban, tint: 'text-warn font-medium', icontint: 'text-warn' },
  cancelled: { icon: CircleSlash, tint: 'text-ink-2', icontint: 'text-ink-3' },
  pending: { icon: LoaderCircle, tint: 'text-accent font-medium', icontint: 'text-accent running-dot' },
} as const;

/** How something ended: always an icon and a word, never colour alone. */
export function StatusMark({ status }: { readonly status: TraceStatus }): ReactElement {
  const look = LOOKS[status];
  const Icon = look.icon;
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${look.tint}`}>
      <Icon size={13} strokeWidth={2.2} className={`shrink-0 ${look.icontint}`} aria-hidden />
      {STATUS_LABELS[status]}
    </span>
  );
}
