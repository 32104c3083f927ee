import { describe, expect, it } from 'vitest';
import type { OperationStart } from '../../src/gateway/observer.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import { EXCHANGE, startRecording, type Recording } from './recorded.ts';

const KEY = 'mcp.protocol.version';
const RESULT = { kind: 'result', isToolError: false, messageText: null } as const;

function begin({ observer }: Recording, start: Partial<OperationStart> = {}) {
  return observer.exchange(EXCHANGE).operation({
    method: 'tools/call',
    requestIdText: '7',
    params: null,
    messageText: '{}',
    target: 'echo',
    serverId: null,
    sessionId: null,
    protocolVersion: null,
    clientName: null,
    linkedMeta: null,
    ...start,
  });
}

const CALL = {
  serverId: 'one' as ServerId,
  method: 'tools/call',
  target: 'echo',
  transport: 'stdio',
  address: null,
  attempt: 1,
} as const;

async function versionsOf(recording: Recording): Promise<Readonly<Record<string, unknown>>> {
  const spans = await recording.spans();
  return Object.fromEntries(spans.map(({ name, attributes }) => [name, attributes[KEY]]));
}

describe('mcp.protocol.version', () => {
  it('is the client’s on the operation and the server’s on the call, whatever the other speaks', async () => {
    const recording = startRecording();
    const operation = begin(recording, { protocolVersion: '2026-07-28' });
    const call = operation.upstreamCall(CALL);
    call.agreed('2025-06-18');
    call.end(RESULT);
    operation.end(RESULT);
    expect(await versionsOf(recording)).toEqual({
      'POST /servers/{id}/mcp': undefined,
      'tool.invoke': '2026-07-28',
      'mcp.client.call': '2025-06-18',
    });
  });

  it('comes to a client’s initialize when it is agreed on, and not before', async () => {
    const recording = startRecording();
    const operation = begin(recording, { method: 'initialize', target: null });
    expect(await versionsOf(recording)).toMatchObject({ 'mcp.initialize': undefined });
    operation.agreed('2024-11-05');
    operation.end(RESULT);
    expect(await versionsOf(recording)).toMatchObject({ 'mcp.initialize': '2024-11-05' });
  });

  it('is absent where nobody said one, and where no session with the server came about', async () => {
    const recording = startRecording();
    const operation = begin(recording);
    operation.upstreamCall(CALL).end({
      kind: 'failed',
      category: 'connection_refused',
      message: 'Nobody answers.',
      messageText: null,
    });
    operation.end(RESULT);
    for (const { attributes } of await recording.spans()) expect(attributes).not.toHaveProperty(KEY);
  });
});
