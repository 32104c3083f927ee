import { Switch as Radix } from 'radix-ui';
import type { ReactElement } from 'react';

export interface SwitchProps {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly disabled?: boolean;
  /** Why it cannot be used, or more than the label says. */
  readonly title?: string;
}

export function Switch({ label, on, onChange, disabled = false, title }: SwitchProps): ReactElement {
  return (
    <Radix.Root
      aria-label={label}
      checked={on}
      onCheckedChange={onChange}
      disabled={disabled}
      title={title}
      className="relative inline-flex h-[18px] w-[30px] shrink-0 items-center rounded-full border border-line-strong bg-sunken data-[state=checked]:border-transparent data-[state=checked]:bg-accent disabled:opacity-55"
    >
      <Radix.Thumb className="block size-3 translate-x-[2px] rounded-full bg-ink-3 transition-transform data-[state=checked]:translate-x-[14px] data-[state=checked]:bg-accent-ink" />
    </Radix.Root>
  );
}
