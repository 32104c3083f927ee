/// <reference types="vite/client" />
import { createRoot } from 'react-dom/client';
import { App } from '../../../renderer/app/app.tsx';
import { createPrefsStore } from '../../../renderer/app/store.prefs.ts';
import { createMemoryBridge } from '../../support/memory-bridge.ts';
import { SCENES } from './scenes.ts';
import '../../../renderer/ui/tokens.css';
import '../../../renderer/features/traces/trace-list.css';

const bridge = createMemoryBridge();
const scene = new URLSearchParams(window.location.search).get('scene') ?? 'busy';
SCENES[scene]?.(bridge);
bridge.onDemo = () => {
  SCENES['busy']?.(bridge);
};

const connect = () => Promise.resolve(bridge);
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App connect={connect} prefs={createPrefsStore(window.localStorage)} />);
