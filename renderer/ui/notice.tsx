import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';

const LOOKS = {
  info: { icon: Info, box: 'border-line bg-sunken text-ink-2', tint: 'text-ink-3' },
  warn: { icon: TriangleAlert, box: 'border-warn/35 bg-warn-soft text-ink', tint: 'text-warn' },
  error: { icon: CircleAlert, box: 'border-error/35 bg-error-soft text-ink', tint: 'text-error' },
} as const;

export interface NoticeProps {
  readonly kind: keyof typeof LOOKS;
  readonly children: ReactNode;
  readonly className?: string;
}

export function Notice({ kind, children, className = '' }: NoticeProps): ReactElement {
  const look = LOOKS[kind];
  const Icon = look.icon;
  return (
    <div
      role={kind === 'error' ? 'alert' : 'note'}
      className={`flex gap-2 rounded-md border px-2.5 py-2 text-xs ${look.box} ${className}`}
    >
      <Icon size={14} className={`mt-px shrink-0 ${look.tint}`} aria-hidden />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">{children}</div>
    </div>
  );
}
