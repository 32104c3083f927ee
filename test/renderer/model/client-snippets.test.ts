import { describe, expect, it } from 'vitest';
import { blankHint, clientSnippets } from '../../../renderer/model/client-snippets.ts';
import { endpointsOf, serverPath } from '../../../renderer/model/endpoints.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';

const app = { origin: 'http://127.0.0.1:4318', mcpUrl: 'http://127.0.0.1:4318/mcp' };
const id = (text: string) => ({ id: text as ServerId });
const endpoints = endpointsOf(app, [id('my notes')], [id('research')]);
const [all, research, notes] = endpoints;

const textOf = (endpoint: typeof all, client: string): string =>
  endpoint === undefined
    ? ''
    : (clientSnippets(endpoint, app.origin).find((snippet) => snippet.client === client)?.text ?? '');

describe('endpoints', () => {
  it('are the one for everything, then each virtual server and each server', () => {
    expect(endpoints.map(({ kind, mcpUrl, sseUrl }) => [kind, mcpUrl, sseUrl])).toEqual([
      ['all', 'http://127.0.0.1:4318/mcp', 'http://127.0.0.1:4318/sse'],
      ['virtual', 'http://127.0.0.1:4318/servers/research/mcp', 'http://127.0.0.1:4318/servers/research/sse'],
      ['server', 'http://127.0.0.1:4318/servers/my%20notes/mcp', 'http://127.0.0.1:4318/servers/my%20notes/sse'],
    ]);
    expect(serverPath('my notes' as ServerId)).toBe('/servers/my%20notes/mcp');
  });
});

describe('client snippets', () => {
  it('S27: hold a placeholder instead of the token, and say where the token is', () => {
    for (const endpoint of endpoints) {
      for (const { text, blank, client } of clientSnippets(endpoint, app.origin)) {
        if (blank === 'token') {
          expect(text, client).toContain('Bearer YOUR_TOKEN');
          expect(text, client).toContain(app.origin);
        } else expect(text, client).not.toMatch(/Bearer|Authorization/);
      }
    }
    expect(blankHint('token', '/srv/throughline/token')).toMatch(/in the file$/);
    expect(blankHint('token', null)).toMatch(/the token you started with/);
    expect(blankHint('path', null)).toMatch(/No token is needed/);
  });

  it('offer every door: HTTP, the bridge, the older SSE and plain JSON-RPC', () => {
    expect(all && clientSnippets(all, app.origin).map(({ client }) => client)).toEqual([
      'Claude Code',
      'Claude Desktop',
      'Cursor',
      'VS Code',
      'stdio',
      'HTTP',
      'SSE (older)',
      'curl',
    ]);
    expect(JSON.parse(textOf(all, 'stdio'))).toMatchObject({ command: 'node', args: [expect.any(String), 'bridge'] });
    expect(textOf(all, 'SSE (older)')).toContain('http://127.0.0.1:4318/sse');
    expect(textOf(all, 'curl')).toContain('http://127.0.0.1:4318/rpc');
  });

  it('are about the endpoint that was chosen; plain JSON-RPC knows only the one for everything', () => {
    expect(JSON.parse(textOf(research, 'stdio'))).toMatchObject({
      args: [expect.any(String), 'bridge', '--server', 'research'],
    });
    expect(textOf(notes, 'Claude Code')).toContain('throughline-my-notes http://127.0.0.1:4318/servers/my%20notes/mcp');
    expect(textOf(notes, 'curl')).toBe('');
  });
});
