import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { startHttpWorkbench } from '../fixtures/servers/workbench-http.ts';
import { workbenchToolNames } from '../fixtures/servers/workbench.ts';
import { temporaryFolder } from '../support/cli-process.ts';
import { everythingStdio, filesystemStdio, misbehavingStdio, workbenchStdio } from '../support/fixture-servers.ts';
import { descendantsOf } from '../support/processes.ts';
import type { AppWindow } from './pages/app-window.ts';
import { it, soon } from './stage.ts';

async function addProgram(app: AppWindow, name: string, entry: { command: string; args: readonly string[] }) {
  await app.start.addServer.or(app.sources.addServer).click();
  await app.addServer.fillProgram({ name, ...entry });
  await app.addServer.review();
  await app.addServer.agree.click();
  await app.addServer.consent.waitFor({ state: 'hidden' });
}

describe('adding a server that is a program', () => {
  it('S14: shows the exact command and each argument, uncut, before anything starts', async ({ stage }) => {
    const gateway = await stage.startGateway();
    const app = await stage.open(gateway);
    const record = join(temporaryFolder(), 'received');
    const long = `--config=${'very-long-'.repeat(60)}end`;
    const { command, args } = workbenchStdio(record);
    const shown = [...args, '', long, '--name=two words "quoted" $HOME; rm -rf'].filter((arg) => arg !== '');

    await app.start.addServer.click();
    await app.addServer.fillProgram({ name: 'bench', command, args: shown });
    await app.addServer.review();

    const facts = await app.addServer.facts();
    expect(facts['Program']).toEqual([command]);
    expect(facts[`Arguments (${shown.length})`]).toEqual(shown);
    for (const text of await app.addServer.exactTexts.all()) {
      expect(
        await text.evaluate((box) => box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight),
      ).toBe(true);
    }
    expect(descendantsOf(gateway.ready.pid)).toEqual([]);
  });

  it('S14: starts nothing when cancelled, by button, by Enter or by Escape', async ({ stage }) => {
    const gateway = await stage.startGateway();
    const app = await stage.open(gateway);
    const record = join(temporaryFolder(), 'received');
    await app.start.addServer.click();
    await app.addServer.fillProgram({ name: 'bench', ...workbenchStdio(record) });

    await app.addServer.review();
    await app.addServer.cancel.click();
    await app.addServer.form.waitFor();
    // The way out is what Enter presses.
    await app.addServer.review();
    await app.press('Enter');
    await app.addServer.form.waitFor();
    await app.addServer.review();
    await app.press('Escape');
    await app.addServer.consent.waitFor({ state: 'hidden' });

    expect(descendantsOf(gateway.ready.pid)).toEqual([]);
    expect(existsSync(record)).toBe(false);
    await app.start.heading.waitFor();
  });

  it('R27: shows characters that cannot be seen, or would reorder the text, as escapes', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway());
    await app.start.addServer.click();
    await app.addServer.fillProgram({ name: 'bench', command: 'node', args: ['safe\u202Etxt.exe', 'zero\u200Bwidth'] });
    await app.addServer.review();
    const facts = await app.addServer.facts();
    expect(facts['Arguments (2)']?.join()).not.toMatch(/[\u202E\u200B]/);
    expect(facts['Arguments (2)']?.[0]).toMatch(/^safe.*202E.*txt\.exe$/i);
    await app.addServer.cancel.click();
  });

  it('connects server-everything and server-filesystem once agreed to, and shows their tools', async ({ stage }) => {
    const gateway = await stage.startGateway();
    const app = await stage.open(gateway);
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'hello.txt'), 'hello');

    await addProgram(app, 'everything', everythingStdio());
    await app.sources
      .server('everything')
      .getByText(/^Connected · \d+ tools$/)
      .waitFor();
    await addProgram(app, 'files', filesystemStdio(folder));
    await app.sources.server('files').getByText('Connected · 14 tools').waitFor();

    expect((await app.sources.toolsOf('everything')).join('\n')).toMatch(/^everything__echo$/m);
    expect((await app.sources.toolsOf('files')).join('\n')).toMatch(/^files__read_text_file$/m);
    expect(descendantsOf(gateway.ready.pid).length).toBeGreaterThanOrEqual(2);
  });

  it.for([
    [
      'does not exist',
      { command: 'throughline-no-such-program', args: [] },
      /throughline-no-such-program.*not found/is,
    ],
    ['exits at once', misbehavingStdio('exits-at-once'), /exit|ended|stopped/i],
  ] as const)('says in words why a command that %s failed', async ([, entry, reason], { stage }) => {
    const app = await stage.open(await stage.startGateway());
    await addProgram(app, 'broken', entry);
    const server = app.sources.server('broken');
    await server.getByText('Failed', { exact: true }).waitFor();
    expect(await server.getByRole('paragraph').first().innerText()).toMatch(reason);
  });

  it('says at its field what is missing, and proposes nothing', async ({ stage }) => {
    const app = await stage.open(await stage.startGateway());
    await app.start.addServer.click();
    await app.addServer.form.getByRole('button', { name: 'Review…' }).click();
    await app.addServer.form.getByText(/^A server name is/).waitFor();
    await app.addServer.form.getByText('Enter the command that starts the server.').waitFor();
    expect(await app.addServer.consent.count()).toBe(0);
  });
});

describe('adding a server that runs elsewhere', () => {
  it('shows the address first, then connects over Streamable HTTP and shows its tools', async ({ stage }) => {
    const http = await startHttpWorkbench();
    const app = await stage.open(await stage.startGateway());
    await app.start.addServer.click();
    await app.addServer.fillAddress('bench', http.url);
    await app.addServer.review();
    expect((await app.addServer.facts())['Address']).toEqual([http.url]);
    expect(http.received).toEqual([]);

    await app.addServer.agree.click();
    await app.sources.server('bench').getByText(`Connected · ${workbenchToolNames.length} tools`).waitFor();
    expect((await app.sources.toolsOf('bench')).join('\n')).toMatch(/^bench__echo_text$/m);
    await app.page.context().close();
    await http.close();
  });

  it('says in words that nobody answers at an address', async ({ stage }) => {
    const http = await startHttpWorkbench();
    await http.close();
    const app = await stage.open(await stage.startGateway());
    await app.start.addServer.click();
    await app.addServer.fillAddress('gone', http.url);
    await app.addServer.review();
    await app.addServer.agree.click();
    const server = app.sources.server('gone');
    await server.getByText('Failed', { exact: true }).waitFor();
    await soon(() => server.getByRole('paragraph').first().innerText()).toMatch(/\w+ .*\.$/s);
  });
});
