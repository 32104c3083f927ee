import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ItemInfo, ServerView, ToolInfo } from '../../../src/shared/domain/server.ts';
import { formatCount } from '../../model/format.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Visible } from '../../ui/visible.tsx';
import { visibleText } from '../../ui/visible-text.ts';

/** A server may offer thousands; the page draws them as they are asked for. */
const PAGE_SIZE = 100;

const KINDS = [
  ['tools', 'Tools'],
  ['prompts', 'Prompts'],
  ['resources', 'Resources'],
] as const;

/** What a server offers, as three lists that unfold. */
export function OfferedItems({ server }: { readonly server: ServerView }): ReactElement {
  return (
    <div className="border-t border-line pt-1">
      {KINDS.map(([kind, title]) => (
        <ItemList key={kind} title={title} items={server[kind]} />
      ))}
    </div>
  );
}

type Item = ItemInfo & Partial<Pick<ToolInfo, 'title' | 'description'>>;

function ItemList({ title, items }: { readonly title: string; readonly items: readonly Item[] }): ReactElement {
  const [open, setOpen] = useState(false);
  const [most, setMost] = useState(PAGE_SIZE);
  const none = items.length === 0;
  return (
    <div>
      <button
        type="button"
        disabled={none}
        aria-expanded={none ? undefined : open}
        onClick={() => {
          setOpen(!open);
        }}
        className="-ml-1 flex h-6 w-full items-center gap-1 rounded pr-1 text-ink-2 enabled:hover:text-ink disabled:text-ink-3"
      >
        <ChevronRight size={12} className={`${open ? 'rotate-90' : ''} ${none ? 'invisible' : ''}`} aria-hidden />
        <span className={none ? '' : 'font-medium'}>{title}</span>
        <span className="ml-auto text-ink-3">{formatCount(items.length)}</span>
      </button>
      {open && !none ? (
        <ul
          aria-label={title}
          className="mt-0.5 mb-2 max-h-[300px] space-y-1.5 overflow-auto border-l border-line pl-2"
        >
          {items.slice(0, most).map((item) => (
            <OfferedItem key={item.exposedName} item={item} />
          ))}
          {items.length > most ? (
            <li>
              <Button
                size="small"
                onClick={() => {
                  setMost(most + PAGE_SIZE);
                }}
              >
                Show {formatCount(Math.min(PAGE_SIZE, items.length - most))} more
              </Button>
            </li>
          ) : null}
        </ul>
      ) : null}
    </div>
  );
}

function OfferedItem({ item }: { readonly item: Item }): ReactElement {
  const { name, exposedName, description = null } = item;
  return (
    <li className="group relative pr-6">
      <div
        className="font-mono text-2xs text-ink [overflow-wrap:anywhere]"
        title={visibleText(`At /mcp: ${exposedName}\nAt its own endpoint: ${name}`)}
      >
        <ExposedName name={name} exposedName={exposedName} />
      </div>
      {description === null || description === '' ? null : (
        <div className="line-clamp-3 text-2xs text-ink-3" title={visibleText(description)}>
          <Visible text={description} />
        </div>
      )}
      <span className="absolute -top-1 -right-0.5 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
        <CopyButton text={exposedName} label={`Copy the name ${visibleText(exposedName)}`} />
      </span>
    </li>
  );
}

/** The name clients of `/mcp` see; the server's own part of it stands out, or below where it is none. */
function ExposedName({ name, exposedName }: Pick<Item, 'name' | 'exposedName'>): ReactElement {
  if (exposedName.endsWith(name)) {
    const prefix = exposedName.slice(0, exposedName.length - name.length);
    return (
      <>
        {prefix === '' ? null : (
          <span className="text-ink-3">
            <Visible text={prefix} />
          </span>
        )}
        <span className="font-medium">
          <Visible text={name} />
        </span>
      </>
    );
  }
  return (
    <>
      <span className="font-medium">
        <Visible text={exposedName} />
      </span>
      <span className="block text-ink-3">
        its own name: <Visible text={name} />
      </span>
    </>
  );
}
