import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../../support/sdk-client.ts';

const script = fileURLToPath(new URL('../../../../src/runtime/demo/server/main.ts', import.meta.url));

describe('the demo server', () => {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const transport = new StdioClientTransport({ command: process.execPath, args: [script], stderr: 'pipe' });

  beforeAll(() => client.connect(transport));
  afterAll(() => client.close());

  it('offers the five tools of the script to the official client', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'search_notes',
      'summarise_report',
      'send_email',
      'login',
      'wait_for_approval',
    ]);
  });

  it('finds notes by a word', async () => {
    const result = await client.callTool({ name: 'search_notes', arguments: { query: 'REVIEW' } });
    expect(textOf(result)).toContain('Q3 review');
  });

  it('reports the progress of the slow tool before it answers', async () => {
    const steps: (string | undefined)[] = [];
    const result = await client.callTool({ name: 'summarise_report', arguments: { report: 'r.pdf' } }, undefined, {
      onprogress: ({ message }) => steps.push(message),
    });
    expect(steps).toEqual(['Opening', 'Reading tables', 'Reading text', 'Comparing years', 'Writing']);
    expect(textOf(result)).toContain('r.pdf');
  });

  it('answers a mail to a stranger with a tool error', async () => {
    const result = await client.callTool({ name: 'send_email', arguments: { to: 'nobody@example.test' } });
    expect(result.isError).toBe(true);
  });

  it('never puts the password into its own answer', async () => {
    const result = await client.callTool({ name: 'login', arguments: { user: 'mira', password: 'secret-4711' } });
    expect(JSON.stringify(result)).not.toContain('secret-4711');
  });

  it('leaves the approval unanswered until it is cancelled, and goes on serving', async () => {
    const stop = new AbortController();
    const approval = client.callTool({ name: 'wait_for_approval', arguments: {} }, undefined, { signal: stop.signal });
    const other = await client.callTool({ name: 'search_notes', arguments: { query: 'offsite' } });
    expect(textOf(other)).toContain('Offsite');
    stop.abort();
    await expect(approval).rejects.toThrow();
  });

  it('refuses a tool it does not have', async () => {
    await expect(client.callTool({ name: 'no_such_tool' })).rejects.toThrow('Unknown tool: no_such_tool');
  });
});
