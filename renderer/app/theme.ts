import { useEffect } from 'react';
import { useMedia } from '../ui/use-media.ts';
import type { ThemeChoice } from './store.prefs.ts';

const DARK_QUERY = '(prefers-color-scheme: dark)';

/** Puts a theme on the page before anything is drawn. */
export function applyTheme(choice: ThemeChoice): void {
  const dark = choice === 'dark' || (choice === 'system' && window.matchMedia(DARK_QUERY).matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
}

/** Keeps the page's theme in step with the choice and with the system. */
export function useTheme(choice: ThemeChoice): void {
  const systemDark = useMedia(DARK_QUERY);
  useEffect(() => {
    applyTheme(choice);
  }, [choice, systemDark]);
}
