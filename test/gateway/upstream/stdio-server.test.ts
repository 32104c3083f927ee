import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/redaction/redactor.ts';
import type { ServerConfig } from '../../../src/shared/domain/server.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { misbehavingStdio, type StdioEntry } from '../../support/fixture-servers.ts';
import { descendantsOf, isAlive } from '../../support/processes.ts';
import { upstreamStage } from '../../support/upstream-stage.ts';

const LOUD = new URL('../../fixtures/servers/loud-stdio.ts', import.meta.url).pathname;

function stdio({ command, args }: StdioEntry): ServerConfig {
  return { type: 'stdio', command, args, env: {}, cwd: null };
}

const loud = stdio({ command: process.execPath, args: [LOUD] });

describe('what a server prints', () => {
  it('while it starts is on the span of its handshake, and in its log', async () => {
    const goFile = join(temporaryFolder(), 'go');
    await using stage = upstreamStage(stdio({ command: process.execPath, args: [LOUD, goFile] }));
    const connected = stage.server.connect();
    await eventually('both lines were heard', () => stage.server.log.newest === 2);
    writeFileSync(goFile, '');
    await connected;
    const [upkeep] = stage.upkeeps;
    expect(upkeep?.calls[0]?.openings.flatMap(({ printed }) => printed)).toEqual(['starting up', 'about to answer']);
    expect(stage.server.log.since(0).map(({ text }) => text)).toEqual(['starting up', 'about to answer']);
  });

  it('before it fails to start is on the span of its handshake', async () => {
    await using stage = upstreamStage(stdio(misbehavingStdio('exits-at-once')));
    await stage.server.connect();
    const openings = stage.upkeeps[0]?.calls[0]?.openings ?? [];
    expect(openings.map(({ method }) => method)).toEqual(['server/discover', 'initialize']);
    for (const { printed } of openings) expect(printed).toEqual(['workbench: cannot open /etc/workbench.conf']);
  });

  it('during calls is on each call that was with that very process, and on no other', async () => {
    await using stage = upstreamStage(loud);
    await stage.server.connect();
    const [client, other] = [stage.client(), stage.client()];
    const waiting = new AbortController();
    const alongside = client.tool('no_such_tool', {}, { signal: waiting.signal });
    const elsewhere = other.tool('no_such_tool', {}, { signal: waiting.signal });
    await eventually('all calls have left', () => [client, other].every(({ calls }) => calls[0]?.sent != null));
    const printing = client.tool('print_and_never_answer', { text: 'hello\n' }, { signal: waiting.signal });
    await eventually('the line was heard', () => client.calls[1]?.printed.length === 1);
    expect(client.calls.map(({ printed }) => printed)).toEqual([['hello'], ['hello']]);
    expect(other.calls[0]?.printed).toEqual([]);
    waiting.abort();
    await Promise.allSettled([alongside, elsewhere, printing]);
  });

  it('is kept within bounds, and what was lost is counted: 100,000 lines', async () => {
    await using stage = upstreamStage(loud);
    await stage.server.connect();
    const before = stage.server.log.newest;
    let told = 0;
    stage.server.onChange(() => {
      told += 1;
    });
    await stage.client().tool('print_lines', { lines: 100_000 });
    // The client's own process printed two lines while it started, and the last line has no end yet.
    await eventually('every line was counted', () => stage.server.log.newest === before + 2 + 99_999);
    const kept = stage.server.log.since(0);
    expect(kept).toHaveLength(1_000);
    expect(kept.at(-1)).toMatchObject({ text: 'line 99999', from: 'stderr', number: stage.server.log.newest });
    expect(told).toBeLessThan(1_000);
  });

  it('is cut where it has no end: a line of 1 MB is left out, and that is said', async () => {
    await using stage = upstreamStage(loud);
    await stage.server.connect();
    const client = stage.client();
    await client.tool('print_long_line', { bytes: 1024 * 1024 });
    await client.tool('print', { text: '\nafter it\n' });
    await eventually('the next line was heard', () => stage.server.log.since(0).at(-1)?.text === 'after it');
    const texts = stage.server.log.since(0).map(({ text }) => text);
    expect(texts.slice(-2)).toEqual(['A line longer than 2000 bytes was skipped.', 'after it']);
  });

  it('R24: leaves without its secrets and without control characters', async () => {
    const redactor = createRedactor({ hashKey: new Uint8Array(32) });
    await using stage = upstreamStage(loud, { sanitize: (text) => redactor.text(text) });
    await stage.server.connect();
    const print = '\u001b[31mpassword=printed-secret-4711\u001b[0m\u0007\u202e\n';
    await stage.client().tool('print', { text: print });
    await eventually('the line was heard', () =>
      stage.server.log.since(0).some(({ text }) => text.includes('password')),
    );
    const all = JSON.stringify(stage.server.log.since(0));
    expect(all).not.toContain('printed-secret-4711');
    expect(Array.from(all).filter((character) => character < ' ' || character === '\u202e')).toEqual([]);
    expect(all).not.toContain('\\u00');
  });

  it('last, even without a line end, is told with its end', async () => {
    const script = 'process.stderr.write("the last words"); process.exitCode = 5';
    await using stage = upstreamStage(stdio({ command: process.execPath, args: ['-e', script] }));
    await stage.server.connect();
    expect(stage.server.status().failure).toMatch(
      /exited with code 5\. Its last words: "the last words"\. It is tried again\.$/,
    );
  });
});

describe('a server in large amounts', () => {
  it('of 64 MB in one answer: it arrives whole', async () => {
    await using stage = upstreamStage(loud);
    await stage.server.connect();
    expect((await stage.client().tool('large', { bytes: 64 * 1024 * 1024 })).length).toBe(64 * 1024 * 1024);
  });

  it('of 200,000 notifications: all are passed on in order, and the next call is answered', async () => {
    await using stage = upstreamStage(loud);
    await stage.server.connect();
    const client = stage.client();
    let heard = 0;
    await client.tool('notify', { times: 200_000 }, { onRelated: () => (heard += 1) });
    expect(heard).toBe(200_000);
    expect(await client.tool('large', { bytes: 1 })).toBe('x');
  });

  it('of half an answer: the call ends with how the process ended', async () => {
    await using stage = upstreamStage(loud);
    await stage.server.connect();
    await expect(stage.client().tool('half_an_answer')).rejects.toMatchObject({
      category: 'connection_reset',
      message: expect.stringMatching(/^Server "stage" exited with code 4\./) as string,
    });
  });

  it('that does not read: what waits for it is bounded', async () => {
    await using stage = upstreamStage(loud);
    await stage.server.connect();
    const client = stage.client();
    await client.tool('stop_reading');
    const text = 'x'.repeat(16 * 1024 * 1024);
    const leaving = new AbortController();
    const calls = Array.from({ length: 8 }, () => client.tool('large', { text }, { signal: leaving.signal }));
    const settled = Promise.allSettled(calls);
    await expect(Promise.race(calls)).rejects.toMatchObject({
      category: 'connection_error',
      message: expect.stringContaining('does not read what it is sent') as string,
    });
    leaving.abort();
    await settled;
  });
});

describe('a process that ends', () => {
  it('takes what it had started with it', async () => {
    await using stage = upstreamStage(loud, { sessions: 'shared' });
    await stage.server.connect();
    const left = Number(await stage.client().tool('leave_a_child'));
    const child = descendantsOf(process.pid).find(({ pid }) => pid === left);
    if (child === undefined) throw new Error('There is no child.');
    process.kill(stage.server.status().pid ?? 0, 'SIGKILL');
    await eventually('the child has ended', () => !isAlive(child));
  });

  it('or only closes its output, ends its calls: nothing can be answered any more', async () => {
    await using stage = upstreamStage(stdio(misbehavingStdio('closes-stdout-mid-call')));
    await stage.server.connect();
    const client = stage.client();
    await expect(client.tool('anything')).rejects.toMatchObject({ message: 'Server "stage" closed its output.' });
    await stage.server.stop();
    expect(descendantsOf(process.pid).filter(isAlive)).toEqual([]);
  });
});
