import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JSHandle, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { sdkClient } from '../support/sdk-client.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() } };
const ONLY_403 = /^Failed to load resource: the server responded with a status of 403 .*\/api\/page-token\)$/;

/** Another site of this machine that would answer whatever the page asked of it. */
async function startForeignSite() {
  const asked: string[] = [];
  const site = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' });
    response.end('window.taken = 1');
  });
  site.on('upgrade', (request, socket) => {
    asked.push(`UPGRADE ${request.url ?? ''}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  return {
    asked,
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      site.closeAllConnections();
      await new Promise((resolve) => site.close(resolve));
    },
  };
}

/** Begins a list of what the content policy refuses the page, as `directive address`. */
function watchRefusals(page: Page): Promise<JSHandle<readonly string[]>> {
  return page.evaluateHandle(() => {
    const refused: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      refused.push(`${effectiveDirective} ${blockedURI}`);
    });
    return refused;
  });
}

/** Does in the page what an injected script would try. */
function tryToReach(page: Page, host: string): Promise<void> {
  return page.evaluate(async (foreign) => {
    const add = (tag: string, attributes: Readonly<Record<string, string>>, body = ''): void => {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.textContent = body;
      document.body.append(element);
    };
    add('script', {}, 'window.taken = 2');
    add('script', { src: `http://${foreign}/script.js` });
    add('img', { src: `http://${foreign}/pixel.png`, onerror: 'window.taken = 3' });
    add('iframe', { src: `http://${foreign}/frame` });
    add('link', { rel: 'stylesheet', href: `http://${foreign}/style.css` });
    add('object', { data: `http://${foreign}/object` });
    navigator.sendBeacon(`http://${foreign}/beacon`);
    new WebSocket(`ws://${foreign}/socket`);
    // What is refused rejects: the refusal itself is what the test looks at.
    await fetch(`http://${foreign}/fetch`).catch(() => undefined);
  }, host);
}

/** Everything that goes over the wire between page and gateway, both ways. */
function recordTraffic(page: Page): { all(): Promise<string> } {
  const texts: string[] = [];
  const bodies: Promise<void>[] = [];
  page.on('request', (request) => {
    texts.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? '');
  });
  page.on('response', (response) => {
    texts.push(JSON.stringify(response.headers()));
    bodies.push(
      response.text().then(
        (text) => void texts.push(text),
        // A body that is gone (a redirect, a closed page) holds nothing that the page could read.
        () => undefined,
      ),
    );
  });
  page.on('websocket', (socket) => {
    texts.push(socket.url());
    socket.on('framesent', ({ payload }) => void texts.push(payload.toString()));
    socket.on('framereceived', ({ payload }) => void texts.push(payload.toString()));
  });
  return {
    async all() {
      await Promise.all(bodies);
      return texts.join('\n');
    },
  };
}

describe('the content policy of the page', () => {
  it('S7: runs no script of others and none inline, and lets nothing out to another address', async ({ stage }) => {
    await using site = await startForeignSite();
    const app = await stage.open(await stage.startGateway());
    await app.start.heading.waitFor();
    const refused = await watchRefusals(app.page);
    await tryToReach(app.page, site.host);
    const foreign = `http://${site.host}`;
    await soon(async () => (await refused.jsonValue()).toSorted()).toEqual([
      `connect-src ${foreign}/beacon`,
      `connect-src ${foreign}/fetch`,
      `connect-src ws://${site.host}/socket`,
      `frame-src ${foreign}`,
      `img-src ${foreign}/pixel.png`,
      `object-src ${foreign}`,
      'script-src-attr inline',
      `script-src-elem ${foreign}/script.js`,
      'script-src-elem inline',
      `style-src-elem ${foreign}/style.css`,
    ]);
    expect(await app.page.evaluate(() => ('taken' in window ? window.taken : null))).toBe(null);
    expect(site.asked).toEqual([]);
    expect(app.takeComplaints().filter((each) => !/Content Security Policy|violates/.test(each))).toEqual([]);
  });

  it('S7: lets no other site put the page into a frame', async ({ stage }) => {
    await using site = await startForeignSite();
    const gateway = await stage.startGateway();
    const app = await stage.visit(`http://${site.host}/`);
    await app.page.setContent(`<iframe title="Throughline" src="${gateway.origin}/"></iframe>`);
    await soon(() => app.takeComplaints().join()).toContain("frame-ancestors 'none'");
    expect(await app.page.frameLocator('iframe').getByRole('heading').count()).toBe(0);
  });
});

describe('the one-time code of the page', () => {
  it('S27: is wiped from the address and its history, and a reload still works', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const code = new URL(gateway.ready.ui).hash.replace('#code=', '');
    const app = await stage.open(gateway);
    await app.sources.server('bench').waitFor();
    expect(app.page.url()).toBe(`${gateway.origin}/`);
    const history = await app.page.evaluate(() =>
      window.navigation
        .entries()
        .map(({ url }) => url)
        .join(),
    );
    expect(history).not.toContain(code);

    await app.page.reload();
    await app.sources
      .server('bench')
      .getByText(/^Connected/)
      .waitFor();
    // Rights survive as well: it is the same page.
    expect(await app.sources.addServer.isVisible()).toBe(true);
    expect(await app.everything()).not.toContain(code);
  });

  it('S27: opens nothing a second time, and the page says why and what to do', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const first = await stage.open(gateway);
    await first.sources.server('bench').waitFor();

    const second = await stage.visit(gateway.ready.ui);
    await second.refusal.getByText('The one-time code in this address was used already').waitFor();
    expect(await second.refusal.innerText()).toContain('throughline open');
    expect(await second.page.getByRole('button').count()).toBe(0);
    const complaints = second.takeComplaints();
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(ONLY_403);
  });

  it('S4: is needed: the bare address opens nothing, not even beside a window that is open', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await app.sources.server('bench').waitFor();
    const tab = await stage.openTab(app, gateway.origin);
    await tab.refusal.getByText('each window needs its own one-time code').waitFor();
    expect(await tab.everything()).not.toContain('bench');
  });
});

describe('the gateway’s token', () => {
  it('S27: is in no page, address, storage or message of the page', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.visit('about:blank');
    const traffic = recordTraffic(app.page);
    await app.page.goto(gateway.ready.ui);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'seen-on-the-wire' } });
    await app.traces.open('echo_text');
    await app.trace.span('tool.invoke').click();
    await app.detail.show('Payload');
    await soon(() => app.detail.payload.innerText()).toContain('seen-on-the-wire');
    await app.toolbar.connectClient.click();
    await app.connectDialog.getByRole('tab', { name: 'Claude Code' }).click();

    const everything = [
      await app.everything(),
      await traffic.all(),
      app.page.url(),
      JSON.stringify(await app.page.context().storageState({ indexedDB: true })),
      await app.page.evaluate(() => JSON.stringify(Object.entries(sessionStorage))),
    ].join('\n');
    expect(everything).toContain('seen-on-the-wire');
    expect(everything).not.toContain(gateway.token);
    expect(await app.page.context().cookies()).toEqual([]);
    expect(await app.page.evaluate(() => Object.keys(sessionStorage))).toEqual(['throughline.page-token']);
  });
});
