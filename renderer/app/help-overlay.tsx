import type { ReactElement } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { KEYMAP, keyLabel } from './keymap.ts';

const GROUPS = ['Move', 'Tree', 'Live', 'Window'] as const;

export function HelpOverlay({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): ReactElement {
  return (
    <Dialog open={open} onClose={onClose} title="Keys" wide>
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3 className="label mb-1.5">{group}</h3>
            <dl>
              {KEYMAP.filter((binding) => binding.group === group).map((binding) => (
                <div
                  key={binding.command}
                  className="flex h-7 items-center justify-between gap-3 border-b border-line/60 text-sm"
                >
                  <dt className="text-ink-2">{binding.does}</dt>
                  <dd className="flex gap-1">
                    {binding.keys.map((key) => (
                      <Kbd key={key}>{keyLabel(key)}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
