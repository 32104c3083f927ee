import { describe, expect, it } from 'vitest';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { Json } from '../../support/raw-session.ts';
import { startScripted, type Script, type ScriptedGateway } from '../../support/scripted-servers.ts';

async function introduction({ rest }: ScriptedGateway, path = '/mcp'): Promise<Json> {
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  const response = await rest(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
  return ((await response.json()) as { result: Json }).result;
}

const quiet: Script = { capabilities: {} };

describe('initialize at an endpoint of several servers', () => {
  it('offers what any of them offers, at every depth', async () => {
    await using scripted = await startScripted({
      a: {
        capabilities: {
          resources: { subscribe: false },
          experimental: { 'vendor/x': { a: 1 } },
          tasks: { list: {}, requests: { tools: { call: {} } } },
        },
      },
      b: {
        capabilities: {
          resources: { subscribe: true },
          logging: {},
          completions: {},
          extensions: { 'vendor/ui': { mimeTypes: ['text/html'] } },
          experimental: { 'vendor/x': { b: 2 } },
          tasks: { cancel: {} },
        },
      },
    });
    expect(await introduction(scripted)).toEqual({
      protocolVersion: '2025-06-18',
      serverInfo: { name: 'throughline', title: 'Throughline', version: '1' },
      capabilities: {
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        logging: {},
        completions: {},
        extensions: { 'vendor/ui': { mimeTypes: ['text/html'] } },
        experimental: { 'vendor/x': { a: 1, b: 2 } },
        tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
      },
    });
  });

  it('gives each server its words under its name, cut when they are too many', async () => {
    await using scripted = await startScripted({
      a: { ...quiet, instructions: 'Ask a first.' },
      quiet,
      b: { ...quiet, instructions: 'b'.repeat(100_000) },
    });
    const { instructions } = await introduction(scripted);
    expect(String(instructions).slice(0, 40)).toBe('# a\n\nAsk a first.\n\n# b\n\nbbbbbbbbbbbbbbbb');
    expect(String(instructions).length).toBeLessThan(17_000);
  });

  it('gives the only server its own words, and none where there are none', async () => {
    await using alone = await startScripted({ a: { ...quiet, instructions: 'b'.repeat(20_000) } });
    expect((await introduction(alone))['instructions']).toBe('b'.repeat(20_000));
    await using silent = await startScripted({ a: quiet, quiet });
    expect(await introduction(silent)).not.toHaveProperty('instructions');
  });

  it('offers of a virtual server what its members offer, under its own description', async () => {
    await using scripted = await startScripted({
      a: { capabilities: { logging: {}, prompts: {} }, instructions: 'Ask a first.' },
      b: { capabilities: { completions: {} }, instructions: 'Never shown.' },
    });
    const everything = { tools: 'all', prompts: 'all', resources: 'all' } as const;
    scripted.gateway.virtualServers.set('part' as ServerId, {
      description: 'For the front desk.',
      members: new Map([
        ['a' as ServerId, everything],
        ['nobody' as ServerId, everything],
      ]),
    });
    expect(await introduction(scripted, '/servers/part/mcp')).toEqual({
      protocolVersion: '2025-06-18',
      serverInfo: { name: 'throughline', title: 'part', version: '1' },
      capabilities: { tools: { listChanged: true }, logging: {}, prompts: { listChanged: true } },
      instructions: 'For the front desk.\n\n# a\n\nAsk a first.',
    });
  });

  it("takes no harm from a capability named like an object's ancestor", async () => {
    await using scripted = await startScripted({
      a: { capabilities: { experimental: JSON.parse('{"__proto__":{"polluted":true}}') as Json } },
      b: { capabilities: { experimental: JSON.parse('{"__proto__":{"more":true}}') as Json } },
    });
    const { capabilities } = await introduction(scripted);
    expect(JSON.stringify((capabilities as Json)['experimental'])).toBe('{"__proto__":{"polluted":true,"more":true}}');
    expect({}).not.toHaveProperty('polluted');
  });
});
