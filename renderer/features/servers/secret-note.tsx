import { LockKeyhole } from 'lucide-react';
import type { ReactElement } from 'react';
import type { SecretStorage } from '../../../src/shared/contract/messages.ts';
import { Visible } from '../../ui/visible.tsx';

/** Where what is typed here is kept, in plain words (S13). */
export function SecretNote({ storage }: { readonly storage: SecretStorage }): ReactElement {
  return (
    <p className="flex items-start gap-1.5 text-xs text-ink-2">
      <LockKeyhole size={12} className="mt-[2px] shrink-0 text-ink-3" aria-hidden />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <Words storage={storage} />
      </span>
    </p>
  );
}

function Words({ storage }: { readonly storage: SecretStorage }): ReactElement {
  const file =
    storage.file === null ? null : <code className="font-mono text-2xs">{<Visible text={storage.file} />}</code>;
  switch (storage.kind) {
    case 'keychain':
      return <>Values are kept encrypted; only your system’s keychain has the key.</>;
    case 'file':
      return (
        <>
          Values are kept in {file ?? 'a file'}, which only your user can read. They are <strong>not encrypted</strong>.
        </>
      );
    case 'run':
      return <>Values are kept in memory until this gateway ends, and written nowhere.</>;
  }
}
