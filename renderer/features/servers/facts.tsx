import type { ReactElement, ReactNode } from 'react';

/** A list of names and values that fits the narrow pane. */
export function Facts({ children }: { readonly children: ReactNode }): ReactElement {
  return <dl className="grid grid-cols-[62px_minmax(0,1fr)] gap-x-2 gap-y-1">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 text-ink-2 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
