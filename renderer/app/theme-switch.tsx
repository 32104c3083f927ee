import { Monitor, Moon, Sun } from 'lucide-react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../ui/button.tsx';
import type { PrefsStore, ThemeChoice } from './store.prefs.ts';

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

export function ThemeSwitch({ prefs }: { readonly prefs: PrefsStore }): ReactElement {
  const theme = useStore(prefs, (state) => state.theme);
  const Icon = ICONS[theme];
  return (
    <IconButton
      label={`Theme: ${theme}. Switch to ${NEXT[theme]}`}
      onClick={() => {
        prefs.setState({ theme: NEXT[theme] });
      }}
    >
      <Icon size={14} aria-hidden />
    </IconButton>
  );
}
