import type { ReactElement } from 'react';

/** A line that goes through: one call seen from end to end. */
export function Logo({ size = 20 }: { readonly size?: number }): ReactElement {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden className="shrink-0 text-accent">
      <path d="M0.75 10H19.25" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      <circle cx="10" cy="10" r="5.6" stroke="currentColor" strokeWidth="1.8" />
      <circle cx="10" cy="10" r="2" fill="currentColor" />
    </svg>
  );
}
