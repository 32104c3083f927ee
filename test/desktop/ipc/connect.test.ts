import type { MessagePortMain } from 'electron';
import { describe, expect, it } from 'vitest';
import { APP_ORIGIN, APP_PAGE_URL } from '../../../src/desktop/app-origin.ts';
import { CONNECT_CHANNEL } from '../../../src/desktop/ipc/channels.ts';
import { setupConnect } from '../../../src/desktop/ipc/connect.ts';
import { createPortPair, type PortPair } from '../../support/electron/message-port.ts';
import { frameDouble, ipcEvent, pageDouble, type PageDouble } from '../../support/electron/web-contents.ts';
import { createElectronDouble } from '../../support/electron-double.ts';

function ownPage(): PageDouble {
  return pageDouble(frameDouble(APP_ORIGIN, APP_PAGE_URL));
}

function setup(page: PageDouble) {
  const double = createElectronDouble();
  const bound: MessagePortMain[] = [];
  const unbound: MessagePortMain[] = [];
  setupConnect(double.electron.ipcMain, {
    isOwnContents: (contents) => contents === page.contents,
    bind: (port) => {
      bound.push(port);
      return () => unbound.push(port);
    },
  });
  const connect = (members: Partial<Parameters<typeof ipcEvent>[0]>): PortPair[] => {
    const pairs = members.ports === undefined ? [createPortPair()] : [];
    const event = { sender: page.contents, senderFrame: page.mainFrame, ports: pairs.map(({ main }) => main) };
    double.sendIpc(CONNECT_CHANNEL, ipcEvent({ ...event, ...members }));
    return pairs;
  };
  return { bound, unbound, connect };
}

describe('the line of the page', () => {
  it('S11: a port of the main frame of our own window is bound', () => {
    const page = ownPage();
    const { bound, connect } = setup(page);
    const [pair] = connect({});
    expect(bound).toEqual([pair?.main]);
    pair?.page.close();
  });

  it('S11: a port of a frame inside our page is closed unbound', () => {
    const { bound, connect } = setup(ownPage());
    const [pair] = connect({ senderFrame: frameDouble(APP_ORIGIN, APP_PAGE_URL) });
    expect(bound).toEqual([]);
    expect(pair?.isClosedByMain()).toBe(true);
  });

  it('S11: a port of a frame that is gone is closed unbound', () => {
    const { bound, connect } = setup(ownPage());
    const [pair] = connect({ senderFrame: null });
    expect(bound).toEqual([]);
    expect(pair?.isClosedByMain()).toBe(true);
  });

  it('S11: a port of another window is closed unbound', () => {
    const other = ownPage();
    const { bound, connect } = setup(ownPage());
    const [pair] = connect({ sender: other.contents, senderFrame: other.mainFrame });
    expect(bound).toEqual([]);
    expect(pair?.isClosedByMain()).toBe(true);
  });

  it.each([
    ['https://elsewhere.example', 'https://elsewhere.example/'],
    ['app://throughline.evil.example', 'app://throughline.evil.example/'],
    ['null', APP_PAGE_URL],
    [APP_ORIGIN, 'https://elsewhere.example/'],
    ['file://', 'file:///index.html'],
  ])('S11: a port of our window showing origin %s at %s is closed unbound', (origin, url) => {
    const page = pageDouble(frameDouble(origin, url));
    const { bound, connect } = setup(page);
    const [pair] = connect({});
    expect(bound).toEqual([]);
    expect(pair?.isClosedByMain()).toBe(true);
  });

  it('S11: no port, or more than one, is not what our page sends', () => {
    const { bound, connect } = setup(ownPage());
    const pairs = [createPortPair(), createPortPair()];
    connect({ ports: [] });
    connect({ ports: pairs.map(({ main }) => main) });
    expect(bound).toEqual([]);
    expect(pairs.every((pair) => pair.isClosedByMain())).toBe(true);
  });

  it('a page that connects again, because it was reloaded, loses its old port', () => {
    const { bound, unbound, connect } = setup(ownPage());
    const [first] = connect({});
    const [second] = connect({});
    expect(bound).toEqual([first?.main, second?.main]);
    expect(unbound).toEqual([first?.main]);
    first?.page.close();
    second?.page.close();
  });
});
