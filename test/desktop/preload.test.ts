import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { strict } from '../support/electron/strict.ts';

interface ExposedDoor {
  connect(): void;
}

interface Sent {
  readonly channel: string;
  readonly message: unknown;
  readonly ports: readonly MessagePort[];
}

const { exposed, sent } = vi.hoisted(() => ({ exposed: new Map<string, object>(), sent: [] as unknown[] }));

vi.mock('electron', () => ({
  contextBridge: strict<Electron.ContextBridge>('contextBridge', {
    exposeInMainWorld: (name, api: object) => exposed.set(name, api),
  }),
  ipcRenderer: strict<Electron.IpcRenderer>('ipcRenderer', {
    postMessage: (channel, message: unknown, ports) => sent.push({ channel, message, ports }),
  }),
}));

const posted: { message: unknown; origin: string; ports: MessagePort[] }[] = [];

beforeEach(async () => {
  vi.stubGlobal('window', {
    location: { origin: 'app://throughline' },
    postMessage: (message: unknown, origin: string, ports: MessagePort[]) => posted.push({ message, origin, ports }),
  });
  await import('../../src/desktop/preload.ts');
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it('S11: the page gets one function and no channel of its choice', () => {
  expect([...exposed.keys()]).toEqual(['throughline']);
  expect(Object.keys(exposed.get('throughline') ?? {})).toEqual(['connect']);
});

it('joins the page and main by a port, posted to our own origin only', async () => {
  const door = exposed.get('throughline') as ExposedDoor;
  door.connect();
  const [toMain] = sent as Sent[];
  const [toPage] = posted;
  expect(toMain).toMatchObject({ channel: 'throughline:connect', message: null });
  expect(toPage).toMatchObject({ message: 'throughline:port', origin: 'app://throughline' });
  const [mainPort, pagePort] = [toMain?.ports[0], toPage?.ports[0]];
  if (mainPort === undefined || pagePort === undefined) throw new Error('A port is missing.');
  const arrived = new Promise((resolve) => {
    pagePort.onmessage = (event) => {
      resolve(event.data);
    };
  });
  mainPort.postMessage('hello');
  expect(await arrived).toBe('hello');
  mainPort.close();
});
