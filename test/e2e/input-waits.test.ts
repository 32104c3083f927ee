import { describe, expect, onTestFinished } from 'vitest';
import { startModernHttpFixture } from '../fixtures/servers/modern/http.ts';
import { doorServer } from '../integration/doors/door-support.ts';
import { openModernClient, type ModernClient } from '../support/modern-client.ts';
import type { Json } from '../support/raw-session.ts';
import { textOf } from '../support/sdk-client.ts';
import type { AppWindow } from './pages/app-window.ts';
import { it, soon, type Stage } from './stage.ts';

const OLDER_CALL = 'ask_user';
const NEWER_CALL = 'test_input_required_result_multi_round';
const CAPABILITIES = { elicitation: { form: {} } };

interface Play {
  readonly app: AppWindow;
  clientOf(server: 'older' | 'newer'): ModernClient;
}

async function play(stage: Stage): Promise<Play> {
  const http = await startModernHttpFixture({ modernOnly: true });
  onTestFinished(() => http.close());
  const config = { mcpServers: { newer: { type: 'http', url: http.url }, older: doorServer().entry } };
  const gateway = await stage.startGateway({ config });
  return {
    app: await stage.open(gateway),
    clientOf: (server) => openModernClient(gateway, `/servers/${server}/mcp`, { capabilities: CAPABILITIES }),
  };
}

/** What a request brings when it comes again: each question answered with this form, and the state as it came. */
function answering(asked: Json | undefined, content: Json): Json {
  const state = asked?.['requestState'];
  const questions = Object.keys(asked?.['inputRequests'] ?? {});
  return {
    inputResponses: Object.fromEntries(questions.map((key) => [key, { action: 'accept', content }])),
    ...(state === undefined ? {} : { requestState: state }),
  };
}

describe('a call whose server asks the user something', () => {
  it('waits for the user while it is open, and shows both attempts when the answer came', async ({ stage }) => {
    const { app, clientOf } = await play(stage);
    const client = clientOf('older');
    const call = { name: OLDER_CALL, arguments: { label: 'What is your name?' } };
    const { result: asked } = await client.send('tools/call', call);

    await soon(() => app.traces.statusOf(OLDER_CALL).innerText()).toBe('Waiting');
    await app.traces.open(OLDER_CALL);
    await soon(() => app.trace.head.innerText()).toMatch(/^ask_user\s+Waiting\s+[\d.]+ m?s\s/);
    await soon(() => app.trace.sentence.innerText()).toBe(
      'modern-client called “ask_user”. older asked the user a question and waits for the answer.',
    );
    await soon(() => app.trace.subjectOf('mcp.input.wait')).toBe('waits for the user');
    await soon(() => app.trace.timingOf('mcp.input.wait')).toMatch(/^waits for the user since \d\d:\d\d:\d\d\.\d{3}\n/);
    await app.trace.span('mcp.input.wait').click();
    await soon(() => app.detail.story.innerText()).toMatch(
      /^The server asked the user a question at \d\d:\d\d:\d\d; the answer has not come yet\.$/,
    );
    await soon(() => app.detail.fact('Took')).toBe('still waiting');

    const { result } = await client.send('tools/call', { ...call, ...answering(asked, { name: 'Ada' }) });
    expect(textOf(result)).toContain('Ada');
    await soon(() => app.traces.statusOf(OLDER_CALL).innerText()).toBe('OK');
    await soon(() => app.detail.story.innerText()).toMatch(
      /^The server asked the user a question; the answer came after [\d.]+ m?s\.$/,
    );
    await soon(() => app.trace.subjectOf('mcp.input.wait')).toBe('waited for the user');
    await soon(() => app.trace.sentence.innerText()).toMatch(
      /older answered in [\d.]+ m?s, (of which [\d.]+ m?s|nearly all of it) waiting for the client\.$/,
    );
    await soon(() => app.trace.attempts()).toEqual(['attempt 2']);
    await app.trace.row('attempt 2').click();
    await soon(() => app.detail.story.innerText()).toContain('attempt 2 of the same operation');
    await soon(() => app.traces.durationOf(OLDER_CALL).innerText()).toMatch(/^[\d.]+ m?s waiting for the client, of\s/);
  });

  it('is one trace with an attempt for each round', async ({ stage }) => {
    const { app, clientOf } = await play(stage);
    const client = clientOf('newer');
    const call = { name: NEWER_CALL, arguments: {} };
    const first = await client.send('tools/call', call);
    const second = await client.send('tools/call', { ...call, ...answering(first.result, { name: 'Ada' }) });
    await soon(() => app.traces.statusOf(NEWER_CALL).innerText()).toBe('Waiting');
    await app.traces.open(NEWER_CALL);
    await soon(() => app.trace.attempts()).toEqual(['attempt 2']);
    await client.send('tools/call', { ...call, ...answering(second.result, { color: 'teal' }) });
    await soon(() => app.trace.attempts()).toEqual(['attempt 2', 'attempt 3']);
    await soon(() => app.traces.statusOf(NEWER_CALL).innerText()).toBe('OK');
    expect((await app.trace.outline()).filter(([level]) => level <= 3)).toEqual([
      [1, 'POST /servers/{id}/mcp'],
      [2, 'tool.invoke'],
      [3, 'mcp.client.call'],
      [3, 'mcp.input.wait'],
      [3, 'POST /servers/{id}/mcp'],
      [3, 'mcp.input.wait'],
      [3, 'POST /servers/{id}/mcp'],
    ]);
    expect((await app.traces.calls()).map(({ call }) => call)).toEqual([`${NEWER_CALL}tools/call`]);
  });

  it('was cancelled when nobody answered, which its row and its span say', async ({ stage }) => {
    const { app, clientOf } = await play(stage);
    const client = clientOf('newer');
    // The same request without an answer: whoever asked first is not waited for any more.
    for (let time = 0; time < 2; time += 1) await client.callTool(NEWER_CALL);
    await soon(async () => (await app.traces.calls()).map(({ status }) => status)).toEqual(['Waiting', 'Cancelled']);
    await app.traces.rowsOf(NEWER_CALL).nth(1).click();
    await soon(() => app.trace.timingOf('mcp.input.wait')).toMatch(
      /^waited for the user for [\d.]+ m?s, nobody answered\n/,
    );
    await app.trace.span('mcp.input.wait').click();
    await soon(() => app.detail.story.innerText()).toMatch(
      /^The server asked the user a question; nobody answered, and the wait ended after [\d.]+ m?s\.$/,
    );
  });
});
