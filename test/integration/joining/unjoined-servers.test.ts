import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/cli-process.ts';
import { startGateway } from '../../support/gateway-process.ts';
import { openRawSession } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';

const folder = new URL('../../fixtures/servers/joining/', import.meta.url);

function stdio(script: string, more: { readonly env?: object; readonly before?: readonly string[] } = {}): object {
  const { env, before = [] } = more;
  const args = [...before, fileURLToPath(new URL(script, folder))];
  return { command: process.execPath, args, ...(env === undefined ? {} : { env }) };
}

const CALL = { jsonrpc: '2.0', result: { content: [{ type: 'text', text: 'hi' }] } };

it('a server that joins loads nothing of OpenTelemetry behind a gateway that takes no spans', async () => {
  const before = ['--import', new URL('loaded-packages.mjs', folder).href];
  const file = join(temporaryFolder(), 'loaded.txt');
  const env = { LOADED_PACKAGES_FILE: file };
  await using gateway = await startGateway({
    config: { mcpServers: { plain: stdio('plain-stdio.mjs', { env, before }) }, otlp: { receiver: false } },
  });
  const session = await openRawSession(gateway, '/servers/plain/mcp');
  const caller = newCallerContext();
  expect(await session.callTool('echo', { text: 'hi' }, { traceparent: caller.traceparent })).toMatchObject(CALL);
  await gateway.stop();
  // Of the process that the gateway lists tools with, and of the one of this session.
  expect(readFileSync(file, 'utf8')).toBe('loaded: \nloaded: \n');
});

it('a server whose user sends its spans to where nobody is answers all the same', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
  await using gateway = await startGateway({ config: { mcpServers: { plain: stdio('plain-stdio.mjs', { env }) } } });
  const session = await openRawSession(gateway, '/servers/plain/mcp');
  const caller = newCallerContext();
  expect(await session.callTool('echo', { text: 'hi' }, { traceparent: caller.traceparent })).toMatchObject(CALL);
  const spans = await gateway.finishedSpans(caller.traceId);
  expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['throughline']));
});
