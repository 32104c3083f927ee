import { describe, expect } from 'vitest';
import { it, soon } from './stage.ts';

describe('the demo button', () => {
  it('plays five calls: fast, slow, failing, with a secret, and one that never answers', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway());
    await app.start.playDemo.click();
    await soon(async () => (await app.traces.calls()).map(({ call, status }) => `${call} ${status}`)).toEqual([
      'wait_for_approvaltools/call Running',
      'logintools/call OK',
      'send_emailtools/call Error',
      'summarise_reporttools/call OK',
      'search_notestools/call OK',
    ]);
    expect(await app.traces.rowsOf('login').innerText()).toMatch(/\d+\s+hidden/);
    // Never colour alone: a drawn mark stands beside the word.
    for (const call of ['send_email', 'wait_for_approval', 'login']) {
      expect(await app.traces.statusOf(call).getByRole('img', { includeHidden: true }).count()).toBe(1);
    }
    await app.sources.server('demo').getByText('Connected · 5 tools').waitFor();

    await app.traces.open('send_email');
    await soon(() => app.trace.sentence.innerText()).toMatch(
      /It failed after [\d.]+ (ms|s): Nobody in the address book/,
    );
    await app.traces.open('wait_for_approval');
    await soon(() => app.trace.sentence.innerText()).toContain('has not answered yet');
    expect(await app.trace.timingOf('mcp.client.request')).toContain('still running');
  });
});
