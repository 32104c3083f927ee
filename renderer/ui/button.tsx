import type { ButtonHTMLAttributes, ReactElement, ReactNode, Ref } from 'react';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'solid' | 'outline' | 'quiet' | 'danger';
  readonly size?: 'small' | 'normal';
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

const LOOKS = {
  solid: 'bg-accent text-accent-ink border-transparent hover:brightness-110',
  outline: 'bg-raised text-ink border-line-strong hover:bg-hover',
  quiet: 'bg-transparent text-ink-2 border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-raised text-error border-line-strong hover:bg-error-soft',
} as const;

const SIZES = { small: 'h-6 px-2 text-xs gap-1', normal: 'h-[30px] px-3 text-sm gap-1.5' } as const;

export function Button({
  look = 'outline',
  size = 'normal',
  className = '',
  children,
  ...rest
}: ButtonProps): ReactElement {
  return (
    <button
      type="button"
      className={`inline-flex shrink-0 items-center justify-center rounded-[5px] border font-medium whitespace-nowrap disabled:opacity-45 ${LOOKS[look]} ${SIZES[size]} ${className}`}
      {...rest}
    >
      {children}
    </button>
  );
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Said by screen readers and shown on hover. */
  readonly label: string;
  readonly pressed?: boolean;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, pressed, className = '', children, ...rest }: IconButtonProps): ReactElement {
  const tone = pressed === true ? 'bg-accent-soft text-accent' : 'text-ink-2 hover:bg-hover hover:text-ink';
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      className={`inline-flex h-7 min-w-7 shrink-0 items-center justify-center gap-1.5 rounded-[5px] px-1.5 ${tone} disabled:opacity-45 ${className}`}
      {...rest}
    >
      {children}
    </button>
  );
}
