import { Popover } from 'radix-ui';
import { createContext, useCallback, useContext, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { Mark } from './marks.ts';

const OPEN_AFTER_MS = 220;
const CLOSE_AFTER_MS = 180;

interface CardHost {
  /** Pointed at or given the focus: shown after a moment, gone when it is left. */
  peek(mark: Mark, element: HTMLElement): void;
  leave(): void;
  /** Opened: it has the focus until it is closed. */
  open(mark: Mark, element: HTMLElement): void;
  /** No longer on the page. */
  gone(element: HTMLElement): void;
}

const CardHostContext = createContext<CardHost | null>(null);

/** Null where marks have no cards. */
export function useCardHost(): CardHost | null {
  return useContext(CardHostContext);
}

interface Shown {
  readonly mark: Mark;
  readonly element: HTMLElement;
  readonly isOpened: boolean;
}

/** Draws the card of one mark at a time, for all marks within: there may be thousands. */
export function MarkCards({ children }: { readonly children: ReactNode }): ReactElement {
  const [shown, setShown] = useState<Shown | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const after = useCallback((millis: number, act: () => void) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(act, millis);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  const closePeek = useCallback(() => {
    setShown((now) => (now?.isOpened === true ? now : null));
  }, []);
  const host = useMemo<CardHost>(
    () => ({
      peek: (mark, element) => {
        after(OPEN_AFTER_MS, () => {
          setShown((now) => (now?.isOpened === true ? now : { mark, element, isOpened: false }));
        });
      },
      leave: () => {
        after(CLOSE_AFTER_MS, closePeek);
      },
      open: (mark, element) => {
        clearTimeout(timer.current);
        setShown({ mark, element, isOpened: true });
      },
      gone: (element) => {
        setShown((now) => (now?.element === element ? null : now));
      },
    }),
    [after, closePeek],
  );
  return (
    <CardHostContext value={host}>
      {children}
      {shown === null ? null : (
        <Card
          shown={shown}
          onStay={() => {
            clearTimeout(timer.current);
          }}
          onLeave={host.leave}
          onClose={() => {
            clearTimeout(timer.current);
            setShown(null);
          }}
        />
      )}
    </CardHostContext>
  );
}

interface CardProps {
  readonly shown: Shown;
  readonly onStay: () => void;
  readonly onLeave: () => void;
  readonly onClose: () => void;
}

function Card({ shown, onStay, onLeave, onClose }: CardProps): ReactElement {
  const { mark, element, isOpened } = shown;
  const content = useRef<HTMLDivElement>(null);
  const anchor = useMemo(() => ({ current: element }), [element]);
  const takeFocus = useEffectEvent(() => {
    if (isOpened) (content.current?.querySelector<HTMLElement>('button') ?? content.current)?.focus();
  });
  useEffect(() => {
    takeFocus();
  }, [isOpened, element]);
  return (
    <Popover.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          ref={content}
          role={isOpened ? 'dialog' : 'tooltip'}
          aria-label={mark.label}
          side="bottom"
          align="start"
          sideOffset={5}
          collisionPadding={8}
          hideWhenDetached
          onPointerEnter={onStay}
          onPointerLeave={onLeave}
          onOpenAutoFocus={(event) => {
            if (!isOpened) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (isOpened && element.isConnected) element.focus({ preventScroll: true });
          }}
          onClick={(event) => {
            // An action taken ends the card; what only shows something in it stays.
            if (event.target instanceof Element && event.target.closest('[data-closes-card]') !== null) onClose();
          }}
          className="z-40 w-[320px] max-w-[calc(100vw-16px)] rounded-lg border border-line-strong bg-raised p-3 text-xs shadow-xl focus:outline-none"
        >
          {mark.card?.()}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
