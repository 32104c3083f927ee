import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ServerConfig } from '../../../src/shared/domain/server.ts';
import { startModernHttpFixture, type ModernHttpFixture } from '../../fixtures/servers/modern/http.ts';
import { startScriptedHttp, type Script } from '../../fixtures/servers/scripted-http.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { modernConformanceStdio } from '../../support/conformance-fixture.ts';
import { eventually } from '../../support/eventually.ts';
import { misbehavingStdio, workbenchStdio, type StdioEntry } from '../../support/fixture-servers.ts';
import { descendantsOf, isAlive } from '../../support/processes.ts';
import { upstreamStage, type UpstreamStage } from '../../support/upstream-stage.ts';
import { wireMessages } from '../../support/wire-record.ts';

function stdio({ command, args, env = {} }: StdioEntry): ServerConfig {
  return { type: 'stdio', command, args, env, cwd: null };
}

function http(url: string): ServerConfig {
  return { type: 'http', url, headers: {} };
}

function modernStdio(options?: { modernOnly: boolean }): ServerConfig {
  return stdio(modernConformanceStdio(join(temporaryFolder(), 'requests.txt'), options));
}

async function modernHttp(options?: { modernOnly: boolean }): Promise<ModernHttpFixture & AsyncDisposable> {
  const fixture = await startModernHttpFixture(options);
  return { ...fixture, [Symbol.asyncDispose]: () => fixture.close() };
}

/** What was said to open the gateway's own session, the last time it was opened. */
function openingsOf({ upkeeps }: UpstreamStage): readonly string[] {
  const upkeep = upkeeps.filter(({ reason }) => reason !== 'refresh').at(-1);
  return upkeep?.calls[0]?.openings.map(({ method, outcome }) => `${method} ${outcome?.kind}`) ?? [];
}

const versionOf = ({ server }: UpstreamStage): string | undefined => server.status().introduction?.protocolVersion;

const ASKED_THEN_GREETED = ['server/discover result', 'initialize result'];

/** A Streamable HTTP server whose answer to `server/discover` is this; it knows nothing else of the stateless era. */
function answeringDiscover(status: number, body: unknown, type = 'application/json'): Script {
  return ({ message }, response) => {
    if (message['method'] !== 'server/discover') return false;
    const text =
      typeof body === 'string' ? body : JSON.stringify({ jsonrpc: '2.0', id: message['id'], ...Object(body) });
    response.writeHead(status, { 'content-type': type }).end(text);
    return true;
  };
}

/** Hands every request on to the server at `url`, with what its era says in headers. */
function passingOnTo(url: string): Script {
  return (request, response) => {
    const kept = Object.entries(request.headers).filter(([name]) => /^(mcp-|content-type|accept)/.test(name));
    const headers = kept.map(([name, value]): [string, string] => [name, String(value)]);
    const body = request.method === 'POST' ? { body: JSON.stringify(request.message) } : {};
    void fetch(url, { method: request.method, headers, ...body }).then(async (answer) => {
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
      for await (const chunk of answer.body ?? []) response.write(chunk);
      response.end();
    });
    return true;
  };
}

describe('the era of a stdio server', () => {
  it('is asked for once: clients of a server with sessions greet it at once', async () => {
    await using stage = upstreamStage(stdio(workbenchStdio()));
    await stage.server.connect();
    expect(openingsOf(stage)).toEqual(ASKED_THEN_GREETED);
    const client = stage.client();
    await client.tool('echo_text', { text: 'x' });
    expect(client.calls[0]?.openings.map(({ method }) => method)).toEqual(['initialize']);
  });

  it('is asked for by one, while clients who come meanwhile wait for the answer', async () => {
    await using stage = upstreamStage(stdio(workbenchStdio()));
    const connecting = stage.server.connect();
    const clients = [stage.client(), stage.client()];
    await Promise.all(clients.map((client) => client.tool('echo_text', { text: 'x' })));
    for (const { calls } of clients) expect(calls[0]?.openings.map(({ method }) => method)).toEqual(['initialize']);
    await connecting;
  });

  it('that knows no sessions needs no greeting, and one process serves who came meanwhile', async () => {
    await using stage = upstreamStage(modernStdio());
    const connecting = stage.server.connect();
    const client = stage.client();
    await client.ask('tools/list');
    expect(client.calls[0]?.openings).toEqual([]);
    await connecting;
    expect(openingsOf(stage)).toEqual(['server/discover result']);
    expect(versionOf(stage)).toBe('2026-07-28');
    await eventually(
      'what was started for the client has ended',
      () => descendantsOf(process.pid).filter(isAlive).length === 1,
    );
  });

  it('that ends at anything but a greeting is started again and greeted, which its log says', async () => {
    await using stage = upstreamStage(stdio(misbehavingStdio('ends-at-what-comes-early')));
    await stage.server.connect();
    expect(stage.server.status().state).toBe('connected');
    expect(openingsOf(stage)).toEqual(ASKED_THEN_GREETED);
    expect(stage.server.log.since(0).map(({ text }) => text)).toEqual([
      'workbench: expected initialize',
      'It ended when it was asked for its era (server/discover), and is started again with the handshake.',
    ]);
    expect(await stage.client().tool('echo_text', { text: 'x' })).toBe('x');
  });

  it('that does not answer is taken for the older after a while, and never told that anything was cancelled', async () => {
    const recordFile = join(temporaryFolder(), 'wire.jsonl');
    await using stage = upstreamStage(stdio(misbehavingStdio('deaf-to-what-comes-early', recordFile)));
    await stage.server.connect();
    expect(openingsOf(stage)).toEqual(ASKED_THEN_GREETED);
    const methods = wireMessages(recordFile).map(({ method }) => method);
    expect(methods.slice(0, 3)).toEqual(['server/discover', 'initialize', 'notifications/initialized']);
  });

  it('is asked for anew when it is connected anew, and not when it is started again after a crash', async () => {
    await using stage = upstreamStage(stdio(workbenchStdio()));
    await stage.server.connect();
    await stage.server.stop();
    await stage.server.connect();
    expect(openingsOf(stage)).toEqual(ASKED_THEN_GREETED);
    const restarting = stage.reached('restarting');
    process.kill(stage.server.status().pid ?? 0, 'SIGKILL');
    await restarting;
    await stage.reached('connected');
    expect(openingsOf(stage)).toEqual(['initialize result']);
  });
});

describe('the era of an HTTP server', () => {
  it.each([
    ['404 and a page', 404, '<h1>Not Found</h1>', 'text/html'],
    ['405', 405, '', 'text/plain'],
    ['400 and an error of the older era', 400, { error: { code: -32000, message: 'No valid session ID' } }, undefined],
    ['an unknown method', 200, { error: { code: -32601, message: 'Method not found' } }, undefined],
    ['a result that is none', 200, { result: {} }, undefined],
    ['500', 500, 'oops', 'text/plain'],
    ['403', 403, '', 'text/plain'],
  ])('is the older one where it answers with %s', async (_what, status, body, type) => {
    await using server = await startScriptedHttp(answeringDiscover(status, body, type));
    await using stage = upstreamStage(http(server.url));
    await stage.server.connect();
    expect(openingsOf(stage)).toEqual(ASKED_THEN_GREETED);
    expect(versionOf(stage)).toBe('2025-11-25');
    const [, greeting] = server.requests;
    expect(greeting?.headers).not.toHaveProperty('mcp-protocol-version');
    expect(greeting?.headers).not.toHaveProperty('mcp-method');
  });

  it('does not matter where nobody is let in', async () => {
    await using server = await startScriptedHttp((_request, response) => {
      response.writeHead(401).end();
      return true;
    });
    await using stage = upstreamStage(http(server.url));
    await stage.server.connect();
    expect(stage.server.status()).toMatchObject({
      state: 'failed',
      failure: 'Server "stage" refused the request with HTTP 401. Check the Authorization header configured for it.',
    });
  });

  it('is the newer one where both are known', async () => {
    await using server = await modernHttp();
    await using stage = upstreamStage(http(server.url));
    await stage.server.connect();
    expect(openingsOf(stage)).toEqual(['server/discover result']);
    expect(server.requests()).not.toContain('initialize');
  });

  it.each([
    ['says so itself', { result: { supportedVersions: ['2027-05-01'], capabilities: {} } }, 200],
    ['refuses ours', { error: { code: -32022, message: 'Unsupported', data: { supported: ['2027-05-01'] } } }, 400],
  ])('may be of a revision that is not known here: a server that %s is named with it', async (_what, body, status) => {
    await using server = await startScriptedHttp((request, response) => {
      if (answeringDiscover(status, body)(request, response) === true) return true;
      const error = { code: -32601, message: 'Method not found' };
      const headers = { 'content-type': 'application/json' };
      response.writeHead(404, headers).end(JSON.stringify({ jsonrpc: '2.0', id: request.message['id'], error }));
      return true;
    });
    await using stage = upstreamStage(http(server.url));
    await stage.server.connect();
    expect(stage.server.status()).toMatchObject({
      state: 'failed',
      failure: 'Server "stage" speaks MCP 2027-05-01, which this version of Throughline does not know.',
    });
  });

  it('is asked for again where our own version is among those that a refusal says will do', async () => {
    let refusals = 0;
    await using modern = await modernHttp({ modernOnly: true });
    await using server = await startScriptedHttp((request, response) => {
      if (request.method === 'POST' && refusals === 0) {
        refusals += 1;
        const error = { code: -32022, message: 'Unsupported', data: { supported: ['2026-07-28'] } };
        return answeringDiscover(400, { error })(request, response);
      }
      return passingOnTo(modern.url)(request, response);
    });
    await using stage = upstreamStage(http(server.url));
    await stage.server.connect();
    expect(openingsOf(stage)).toEqual(['server/discover result']);
    expect(server.requestsOf('server/discover')).toHaveLength(2);
  });

  it('may change: a server of the older one that was replaced is found out when it refuses the greeting', async () => {
    let isModern = false;
    await using modern = await modernHttp({ modernOnly: true });
    await using server = await startScriptedHttp((request, response) => {
      return isModern && passingOnTo(modern.url)(request, response);
    });
    await using stage = upstreamStage(http(server.url), { idleStopMillis: 200 });
    await stage.server.connect();
    await stage.reached('idle');
    isModern = true;
    const client = stage.client();
    await client.ask('tools/list');
    expect(client.calls[0]?.openings.map(({ method }) => method)).toEqual(['initialize', 'server/discover']);
    await eventually('the gateway knows', () => versionOf(stage) === '2026-07-28');
  });
});
