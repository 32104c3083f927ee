/** Left free above what is brought to the top, for a heading that stays there. */
const HEADROOM_PX = 30;

/**
 * Scrolls the nearest pane around an element until it is seen, and nothing else: the element's own `scrollIntoView` would
 * move the window as well, which nobody could move back.
 */
export function bringIntoView(element: HTMLElement, where: 'top' | 'center'): void {
  const pane = paneOf(element);
  if (pane === null) return;
  const inside = element.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  const above = where === 'top' ? HEADROOM_PX : Math.max(HEADROOM_PX, (frame.height - inside.height) / 2);
  pane.scrollTop += inside.top - frame.top - above;
}

function paneOf(element: HTMLElement): HTMLElement | null {
  for (let at = element.parentElement; at !== null && at !== document.body; at = at.parentElement) {
    const { overflowY } = getComputedStyle(at);
    if ((overflowY === 'auto' || overflowY === 'scroll') && at.scrollHeight > at.clientHeight) return at;
  }
  return null;
}
