import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app/app.tsx';
import { createPrefsStore } from './app/store.prefs.ts';
import { applyTheme } from './app/theme.ts';
import { connectBridge } from './bridge/connect.ts';
import './ui/tokens.css';
import './features/traces/trace-list.css';

// The page's policy forbids making code from text, which zod would otherwise try.
z.config({ jitless: true });

const prefs = createPrefsStore(window.localStorage);
applyTheme(prefs.getState().theme);
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(<App connect={connectBridge} prefs={prefs} />);
