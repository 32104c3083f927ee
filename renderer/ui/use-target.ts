import { useEffect } from 'react';
import type { RefObject } from 'react';
import { bringIntoView } from './bring-into-view.ts';

/** Brings the element whose `data-path` is the target's, or leads to it, into view, and points it out. */
export function useTarget(container: RefObject<HTMLElement | null>, target: { readonly path: string } | null): void {
  useEffect(() => {
    const element = target === null ? undefined : nearest(container.current, target.path);
    if (element === undefined) return;
    bringIntoView(element, 'center');
    element.classList.remove('flash');
    // Read, so that the animation begins anew where the class was there before.
    element.getBoundingClientRect();
    element.classList.add('flash');
    element.querySelector<HTMLElement>('[role="button"]')?.focus({ preventScroll: true });
  }, [container, target]);
}

function nearest(container: HTMLElement | null, path: string): HTMLElement | undefined {
  const marked = [...(container?.querySelectorAll<HTMLElement>('[data-path]') ?? [])];
  const leading = marked.filter(({ dataset }) => {
    const own = dataset['path'] ?? '';
    return path === own || path === `${own}#` || path.startsWith(`${own}/`);
  });
  return leading.sort((left, right) => (right.dataset['path'] ?? '').length - (left.dataset['path'] ?? '').length)[0];
}
