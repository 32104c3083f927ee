import { Lock } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Notice } from './notice.tsx';

export interface SettingRowProps {
  readonly label: string;
  /** What it does, in one short line. */
  readonly hint: ReactNode;
  /** Why it is not to be changed here; null when it is. */
  readonly fixed?: string | null;
  /** Why the last change did not come about; null when it did. */
  readonly complaint?: string | null;
  /** Beside the label, where there is room. */
  readonly control?: ReactNode;
  /** Below, over the whole width. */
  readonly children?: ReactNode;
}

/** One thing that can be set: its name, what it does, its control, and what has to be said about it. */
export function SettingRow(props: SettingRowProps): ReactElement {
  const { label, hint, fixed = null, complaint = null, control, children } = props;
  return (
    <div role="group" aria-label={label} className="border-b border-line/70 py-3 first:pt-0 last:border-b-0 last:pb-0">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-1.5">
        <div className="min-w-0 flex-1 basis-[220px]">
          <p className="text-sm font-medium">{label}</p>
          <p className="text-xs text-ink-2">{hint}</p>
        </div>
        {control}
      </div>
      {fixed === null ? null : (
        <p className="mt-1.5 flex items-start gap-1.5 text-xs text-ink-2">
          <Lock size={12} className="mt-[2px] shrink-0 text-ink-3" aria-hidden />
          <span className="min-w-0 [overflow-wrap:anywhere]">{fixed}</span>
        </p>
      )}
      {complaint === null ? null : (
        <Notice kind="error" className="mt-2">
          {complaint}
        </Notice>
      )}
      {children}
    </div>
  );
}

/** Things that belong together, under one name. */
export function SettingGroup({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <section
      aria-label={title}
      className="grid gap-x-8 gap-y-2 border-t border-line py-5 first:border-t-0 first:pt-2 min-[900px]:grid-cols-[150px_minmax(0,1fr)]"
    >
      <h2 className="text-sm font-semibold">{title}</h2>
      <div className="min-w-0">{children}</div>
    </section>
  );
}
