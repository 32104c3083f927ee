import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/cli-process.ts';
import { startGateway } from '../../support/gateway-process.ts';
import { openRawSession } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';

const SERVER = fileURLToPath(new URL('../../fixtures/servers/joining/v1-stdio.mjs', import.meta.url));

describe('a gateway that is stopped right after a call', () => {
  it('R86: keeps the spans that the server sends when it is told to end', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const config = { mcpServers: { joined: { command: process.execPath, args: [SERVER] } } };
    const { traceId, traceparent } = newCallerContext();
    const gateway = await startGateway({ config, args: ['--data-dir', dataDir] });
    const session = await openRawSession(gateway, '/servers/joined/mcp');
    await session.callTool('forecast', { city: 'Oslo' }, { traceparent });
    await gateway.stop();

    await using later = await startGateway({ args: ['--data-dir', dataDir] });
    const names = (await later.finishedSpans(traceId)).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['mcp.client.call', 'tools/call forecast', 'ask the weather service']),
    );
  });
});
