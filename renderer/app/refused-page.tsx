import type { ReactElement } from 'react';
import type { RefusalReason } from '../bridge/bridge.ts';
import { Logo } from '../ui/logo.tsx';

const REASONS: Readonly<Record<RefusalReason, string>> = {
  'no-code': 'This address alone does not open Throughline: each window needs its own one-time code.',
  'code-spent': 'The one-time code in this address was used already or is older than a minute.',
  'token-unknown': 'The gateway was started anew since this window was opened.',
};

/** Nothing but words: without a code there is nothing to show. */
export function RefusedPage({ reason }: { readonly reason: RefusalReason }): ReactElement {
  return (
    <main className="flex h-full items-center justify-center px-6">
      <div className="max-w-[460px]">
        <Logo size={26} />
        <h1 className="mt-4 text-lg font-semibold">This window needs a fresh code</h1>
        <p className="mt-1.5 text-base text-ink-2">{REASONS[reason]}</p>
        <p className="mt-4 text-base text-ink-2">Run this where the gateway runs, or start it again with npm start:</p>
        <pre className="mt-2 rounded-md border border-line bg-chrome px-3 py-2 font-mono text-sm">throughline open</pre>
      </div>
    </main>
  );
}
