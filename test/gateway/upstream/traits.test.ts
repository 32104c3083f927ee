import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startHttpWorkbench } from '../../fixtures/servers/workbench-http.ts';
import type { ServerConfig } from '../../../src/shared/domain/server.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { upstreamStage } from '../../support/upstream-stage.ts';
import { wireMessages } from '../../support/wire-record.ts';

const CALLERS = {
  traceparent: 'the-callers',
  TraceState: 'the-callers',
  baggage: 'the-callers',
  progressToken: 7,
  'com.example/kept': true,
};

describe('a server that is to get no trace context', () => {
  it('R61: gets none in _meta over stdio, not the caller’s either, and is traced all the same', async () => {
    const recordFile = join(temporaryFolder(), 'wire.jsonl');
    const { command, args } = workbenchStdio(recordFile);
    const config: ServerConfig = { type: 'stdio', command, args, env: {}, cwd: null, traceContext: false };
    await using stage = upstreamStage(config);
    await stage.server.connect();
    const client = stage.client();
    const { meta } = JSON.parse(await client.tool('echo_meta', {}, { params: { _meta: CALLERS } })) as {
      meta: unknown;
    };
    expect(meta).toEqual({ progressToken: 7, 'com.example/kept': true });
    expect(JSON.stringify(wireMessages(recordFile))).not.toMatch(/traceparent|the-callers/i);
    expect(client.calls[0]).toMatchObject({ outcome: { kind: 'result' } });
    expect(client.calls[0]?.openings[0]?.outcome?.kind).toBe('result');
  });

  it('R68: gets none in headers over HTTP', async () => {
    const http = await startHttpWorkbench();
    await using stage = upstreamStage({ type: 'http', url: http.url, headers: {}, traceContext: false });
    await stage.server.connect();
    await stage.client().tool('echo_meta', {}, { params: { _meta: CALLERS } });
    expect(http.received.length).toBeGreaterThan(3);
    for (const { rawHeaders } of http.received)
      expect(rawHeaders.join('\n')).not.toMatch(/traceparent|tracestate|baggage/i);
    await stage.server.stop();
    await http.close();
  });
});

describe('what a server is told to be by its own configuration', () => {
  it('comes before what holds for all', async () => {
    const { command, args } = workbenchStdio();
    const config: ServerConfig = { type: 'stdio', command, args, env: {}, cwd: null, session: 'shared' };
    await using stage = upstreamStage(config, { sessions: 'dedicated' });
    await stage.server.connect();
    const pids = await Promise.all(
      [stage.client(), stage.client()].map(
        async (client) => (JSON.parse(await client.tool('echo_meta')) as { pid: number }).pid,
      ),
    );
    expect(new Set([...pids, stage.server.status().pid]).size).toBe(1);
  });
});
