import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { temporaryFolder } from '../support/cli-process.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { readOtlp } from '../support/otlp.ts';
import { exposedName, sdkClient, textOf } from '../support/sdk-client.ts';
import type { AppWindow } from './pages/app-window.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() } };

/** Two looks at a bar of which the later one finds it wider. The axis may leap between two looks; it does not always. */
async function seeItGrow(app: AppWindow, span: string): Promise<void> {
  let before = Infinity;
  await soon(async () => {
    const now = await app.trace.barWidthOf(span);
    const grew = now > before;
    before = now;
    return grew;
  }).toBe(true);
}

describe('a call of a foreign client', () => {
  it('appears while it runs, grows, and completes', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/mcp');
    const name = await exposedName(session.client, 'bench', 'wait_for_file');
    const path = join(temporaryFolder(), 'go');
    const call = session.client.callTool({ name, arguments: { path } });
    // Should an expectation fail first, that is what must be told, not that the call was cut off.
    call.catch(() => undefined);

    await soon(() => app.traces.statusOf('wait_for_file').textContent()).toBe('Running');
    await app.traces.open('wait_for_file');
    await soon(() => app.trace.outline()).toEqual([
      [1, 'POST /mcp'],
      [2, 'tool.invoke'],
      [3, 'mcp.client.call'],
      [4, 'mcp.client.request'],
    ]);
    expect(await app.trace.tree.getAttribute('aria-label')).toBe('Spans of this trace');
    expect(await app.trace.timingOf('mcp.client.request')).toContain('still running');
    for (const span of ['POST /mcp', 'mcp.client.request']) await seeItGrow(app, span);
    const ran = await app.trace.durationOf('mcp.client.request');
    await soon(() => app.trace.durationOf('mcp.client.request')).not.toBe(ran);
    expect(await app.trace.sentence.innerText()).toContain('has not answered yet');

    writeFileSync(path, '');
    expect(textOf(await call)).toBe('it is there');
    await soon(() => app.traces.statusOf('wait_for_file').textContent()).toBe('OK');
    await soon(() => app.trace.outline()).toEqual([
      [1, 'POST /mcp'],
      [2, 'tool.invoke'],
      [3, 'mcp.client.call'],
      [4, 'mcp.client.request'],
      [4, 'mcp.client.response'],
    ]);
    expect(await app.trace.timingOf('mcp.client.request')).not.toContain('still running');
    await soon(() => app.trace.sentence.innerText()).toMatch(/sdk-client called .* bench answered in [\d.]+ (ms|s)/);
  });

  it('shows a span’s attributes and its payload with the arguments', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'see-me-in-the-payload' } });
    await app.traces.open('echo_text');

    await app.trace.span('tool.invoke').click();
    await soon(() => app.detail.spanName.innerText()).toBe('tool.invoke');
    expect(await app.trace.selectedSpan.count()).toBe(1);
    expect(await app.detail.attribute('gen_ai.tool.name')).toBe('echo_text');
    expect(await app.detail.attribute('mcp.method.name')).toBe('tools/call');

    await app.trace.span('mcp.client.call').click();
    await soon(() => app.detail.spanName.innerText()).toBe('mcp.client.call');
    await app.trace.span('tool.invoke').click();
    await app.detail.show('Payload');
    await soon(() => app.detail.payload.innerText()).toContain('see-me-in-the-payload');
    await app.detail.showPayload('Response');
    await soon(() => app.detail.payload.innerText()).toMatch(/"text": "see-me-in-the-payload"/);
    await app.detail.show('Raw');
    await soon(() => app.detail.raw.innerText()).toContain('tool.invoke');
  });

  it('is saved by the export button as OTLP/JSON of that trace alone', async ({ stage }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'first' } });
    await session.client.callTool({ name: 'echo_meta', arguments: {} });
    await app.traces.open('echo_text');
    await soon(() => app.trace.sentence.innerText()).toContain('answered in');

    await app.trace.exportButton.click();
    const saved = await app.files.save();
    const file: unknown = JSON.parse(saved.bytes.toString('utf8'));
    expect(saved.name).toMatch(/\.json$/);
    const spans = readOtlp(file);
    const [root] = spans;
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(spans).toEqual(await gateway.finishedSpans(root?.traceId ?? ''));
    expect(spans.find(({ name }) => name === 'tool.invoke')?.attributes['gen_ai.tool.name']).toBe('echo_text');
  });
});
