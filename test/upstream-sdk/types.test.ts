import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { Server as ServerV1 } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer, Server } from '@modelcontextprotocol/server';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { joinTrace } from '../../src/upstream-sdk/index.ts';

const info = { name: 'typed', version: '1.0.0' };

describe('joinTrace', () => {
  it('gives back the server that it was given, with its type, of either SDK and of either kind', () => {
    const highV1 = new McpServerV1(info);
    const lowV1 = new ServerV1(info);
    const high = new McpServer(info);
    const low = new Server(info);
    expect([joinTrace(highV1), joinTrace(lowV1), joinTrace(high), joinTrace(low, { serviceName: 'x' })]).toEqual([
      highV1,
      lowV1,
      high,
      low,
    ]);
    expectTypeOf(joinTrace(highV1)).toEqualTypeOf<McpServerV1>();
    expectTypeOf(joinTrace(lowV1)).toEqualTypeOf<ServerV1>();
    expectTypeOf(joinTrace(high)).toEqualTypeOf<McpServer>();
    expectTypeOf(joinTrace(low)).toEqualTypeOf<Server>();
  });

  it('takes no object that cannot be connected', () => {
    expectTypeOf<{ readonly start: () => void }>().not.toExtend<Parameters<typeof joinTrace>[0]>();
  });
});
