import { LockKeyhole, Plus, X } from 'lucide-react';
import { useId, useRef } from 'react';
import type { ClipboardEvent, ReactElement } from 'react';
import type { HeaderDraft } from '../../model/endpoint-draft.ts';
import { pairsFromText } from '../../model/pairs.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { FieldNote } from '../../ui/field-note.tsx';

export interface HeaderFieldsProps {
  readonly headers: readonly HeaderDraft[];
  readonly error: string | undefined;
  readonly onChange: (headers: readonly HeaderDraft[]) => void;
}

const EMPTY: HeaderDraft = { name: '', value: '' };

/** Headers of an endpoint. Their values go in and are never shown again, only replaced or taken away (R25). */
export function HeaderFields({ headers, error, onChange }: HeaderFieldsProps): ReactElement {
  const id = useId();
  const group = useRef<HTMLDivElement>(null);
  const focus = (selector: string, index: number): void => {
    requestAnimationFrame(() => {
      group.current?.querySelectorAll<HTMLElement>(selector)[index]?.focus();
    });
  };
  const replace = (index: number, ...next: readonly HeaderDraft[]): void => {
    onChange([...headers.slice(0, index), ...next, ...headers.slice(index + 1)]);
  };
  return (
    <div ref={group} role="group" aria-labelledby={id} aria-describedby={`${id}-note`}>
      <div className="mb-1 flex items-center justify-between">
        <span id={id} className="text-xs font-medium text-ink">
          Headers
        </span>
        <Button
          size="small"
          look="quiet"
          className="-mr-2"
          onClick={() => {
            onChange([...headers, EMPTY]);
            focus('[data-header]', headers.length);
          }}
        >
          <Plus size={12} aria-hidden />
          Add a header
        </Button>
      </div>
      <div className="space-y-1.5">
        {headers.map((header, index) => (
          <HeaderRow
            key={index}
            header={header}
            position={index + 1}
            onChange={(next) => {
              replace(index, next);
              if (header.value === null)
                focus('[data-value]', headers.slice(0, index).filter((each) => each.value !== null).length);
            }}
            onPaste={(event) => {
              // A line, or several of them, pasted where a name goes.
              const pasted = pairsFromText(event.clipboardData.getData('text'), ':');
              if (pasted === null) return;
              event.preventDefault();
              replace(index, ...pasted);
            }}
            onRemove={() => {
              replace(index);
              focus('[data-header]', Math.max(0, index - 1));
            }}
          />
        ))}
      </div>
      <FieldNote
        id={`${id}-note`}
        hint="Sent with every request, for example authorization. Values are not shown again."
        error={error}
      />
    </div>
  );
}

interface HeaderRowProps {
  readonly header: HeaderDraft;
  readonly position: number;
  readonly onChange: (header: HeaderDraft) => void;
  readonly onRemove: () => void;
  readonly onPaste: (event: ClipboardEvent) => void;
}

function HeaderRow({ header, position, onChange, onRemove, onPaste }: HeaderRowProps): ReactElement {
  const { name, value } = header;
  const what = name === '' ? `header ${String(position)}` : name;
  const shared = { type: 'text', spellCheck: false, autoComplete: 'off', className: 'field font-mono text-xs' };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-1.5 gap-y-1 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]">
      {value === null ? (
        <code
          data-header
          tabIndex={-1}
          className="px-[9px] py-[6px] font-mono text-xs [overflow-wrap:anywhere] max-sm:pl-0"
        >
          {name}
        </code>
      ) : (
        <input
          {...shared}
          data-header
          value={name}
          placeholder="Name"
          aria-label={`Name of header ${String(position)}`}
          onPaste={onPaste}
          onChange={(event) => {
            onChange({ ...header, name: event.target.value });
          }}
        />
      )}
      {value === null ? (
        <span className="flex min-w-0 items-center gap-1.5 text-xs text-ink-3 max-sm:order-last max-sm:col-span-2">
          <LockKeyhole size={12} className="shrink-0" aria-hidden />
          <span className="min-w-0 flex-1 truncate">saved, not shown</span>
          <Button
            size="small"
            aria-label={`Replace the value of ${what}`}
            onClick={() => {
              onChange({ name, value: '' });
            }}
          >
            Replace
          </Button>
        </span>
      ) : (
        <input
          {...shared}
          data-value
          type="password"
          // Keeps the browser's own offers to fill in or keep a password away from it.
          autoComplete="new-password"
          value={value}
          placeholder="Value, or ${NAME}"
          aria-label={`Value of ${what}`}
          onChange={(event) => {
            onChange({ ...header, value: event.target.value });
          }}
          className={`${shared.className} max-sm:order-last max-sm:col-span-2`}
        />
      )}
      <IconButton label={`Remove ${what}`} onClick={onRemove} className="h-6 min-w-6 px-1">
        <X size={13} aria-hidden />
      </IconButton>
    </div>
  );
}
