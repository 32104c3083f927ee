import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { HOSTILE_TOOL_NAME, HOSTILE_WORDS } from '../fixtures/hostile-words.ts';
import { sdkClient } from '../support/sdk-client.ts';
import type { AppWindow } from './pages/app-window.ts';
import type { DetailTab } from './pages/span-detail.ts';
import { it, soon } from './stage.ts';

const HOSTILE = fileURLToPath(new URL('../fixtures/servers/hostile-stdio.ts', import.meta.url));
const config = { mcpServers: { hostile: { command: process.execPath, args: [HOSTILE] } } };
const TABS: readonly DetailTab[] = ['Overview', 'Payload', 'Server log', 'Events', 'Raw'];

interface Harm {
  readonly taken: unknown;
  readonly images: number;
  readonly inlineScripts: number;
  readonly bold: number;
  /** Characters that steer a terminal or the order of the text. */
  readonly steering: boolean;
}

const NO_HARM: Harm = { taken: null, images: 0, inlineScripts: 0, bold: 0, steering: false };

function harmDone(app: AppWindow): Promise<Harm> {
  return app.page.evaluate(() => ({
    taken: 'taken' in window ? window.taken : null,
    images: document.images.length,
    inlineScripts: [...document.scripts].filter((script) => script.src === '').length,
    bold: document.querySelectorAll('main b').length,
    steering: /[\u0007\u001b\u202e]/.test(document.body.innerText),
  }));
}

describe('HTML and control characters of a server', () => {
  it('S7, R27: stay text in its tools, its stderr and what it calls itself', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway({ config }));
    await app.sources.server('hostile').getByText('Connected · 1 tool').waitFor();
    const [tool] = await app.sources.toolsOf('hostile');
    expect(tool).toContain(HOSTILE_TOOL_NAME);
    expect(tool).toContain('<img src="x" onerror="window.taken=1">');
    const shown = await app.sources.server('hostile').innerText();
    expect(shown.split('<b>bold</b>').length, 'in its name and its description').toBeGreaterThan(2);
    await app.sources
      .server('hostile')
      .getByRole('button', { name: /^Server log/ })
      .click();
    await app.log.line(/<b>bold<\/b>/).waitFor();
    expect(await harmDone(app)).toEqual(NO_HARM);
  });

  it('S7, R27: stay text in the list, the tree and every part of the detail', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/hostile/mcp', '<b>client</b>');
    const { client } = session;
    await client.callTool({ name: HOSTILE_TOOL_NAME, arguments: { text: HOSTILE_WORDS } });
    await client.callTool({ name: HOSTILE_TOOL_NAME, arguments: { fail: true } }).catch(() => undefined);
    await soon(async () => (await app.traces.calls()).map(({ status }) => status)).toEqual(['Error', 'OK']);
    expect(await app.traces.rowsOf(HOSTILE_TOOL_NAME).count()).toBe(2);

    let seen = '';
    for (const row of await app.traces.rowsOf(HOSTILE_TOOL_NAME).all()) {
      await row.click();
      await soon(() => app.trace.heading.innerText()).toBe(HOSTILE_TOOL_NAME);
      for (const [, span] of await app.trace.outline()) {
        await app.trace.span(span).click();
        await soon(() => app.detail.spanName.innerText()).toBe(span);
        for (const tab of TABS) {
          await app.detail.show(tab);
          seen += await app.detail.pane.innerText();
          expect(await harmDone(app)).toEqual(NO_HARM);
        }
      }
      await app.trace.span('tool.invoke').click();
      await app.detail.show('Payload');
      await app.detail.showPayload('Response');
      await soon(() => app.detail.payload.innerText()).toContain('window.taken=2</script>');
      expect(await harmDone(app)).toEqual(NO_HARM);
    }
    expect(seen).toContain('<b>bold</b>');
    expect(await app.sources.pane.innerText()).toContain('<b>client</b>');
  });
});
