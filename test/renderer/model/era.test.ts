import { describe, expect, it } from 'vitest';
import { eraHint, eraWord, protocolWords, serverProtocols, spanProtocol } from '../../../renderer/model/era.ts';
import { buildSpanTree } from '../../../renderer/model/span-tree.ts';
import { makeSpan } from '../../support/make-trace.ts';

describe('an era in words', () => {
  it('is the word that the filter takes, and both where versions of both are spoken', () => {
    expect(eraWord(['2026-07-28'])).toBe('modern');
    expect(eraWord(['2024-11-05', '2025-11-25'])).toBe('legacy');
    expect(eraWord(['2025-11-25', '2026-07-28'])).toBe('both eras');
    expect(eraWord([])).toBe('');
  });

  it('is explained, version by version', () => {
    expect(eraHint(['2025-11-25', '2026-07-28'])).toBe(
      'MCP 2025-11-25: legacy, a handshake opens a session\nMCP 2026-07-28: modern, each request stands alone',
    );
    expect(eraHint([])).toBe('');
  });

  it('is not made up for what is no version', () => {
    expect(eraWord(['draft'])).toBe('');
    expect(eraHint(['draft'])).toBe('MCP draft');
    expect(protocolWords('draft')).toBe('draft');
  });
});

describe('the versions in a trace', () => {
  const version = (text: string) => ({ 'mcp.protocol.version': text });
  const call = (id: number, server: string, spoken: string) =>
    makeSpan({ id, parent: 1, kind: 'client', attributes: { 'throughline.server.id': server, ...version(spoken) } });
  const spans = [
    makeSpan({ id: 0, kind: 'server' }),
    makeSpan({ id: 1, parent: 0, attributes: version('2026-07-28') }),
    call(2, 'files', '2025-11-25'),
    makeSpan({ id: 3, parent: 2, kind: 'client', name: 'mcp.client.initialize', attributes: version('2025-06-18') }),
    call(4, 'files', '2025-11-25'),
    call(5, 'search', '2026-07-28'),
  ];

  it('are told for each server, and the client is none', () => {
    expect([...serverProtocols(buildSpanTree(spans))]).toEqual([
      ['files', ['2025-06-18', '2025-11-25']],
      ['search', ['2026-07-28']],
    ]);
  });

  it('are told of a span with whom it was spoken', () => {
    expect(spans.map(spanProtocol)).toEqual([
      null,
      '2026-07-28 · modern, with the client',
      '2025-11-25 · legacy, with the server',
      '2025-06-18 · legacy, with the server',
      '2025-11-25 · legacy, with the server',
      '2026-07-28 · modern, with the server',
    ]);
  });
});
