import { describe, expect, it, vi } from 'vitest';
import { attributeRows, filterRows } from '../../../renderer/model/attributes.ts';
import { seenClients, tracesPerServer } from '../../../renderer/model/clients.ts';
import { elapsedSince } from '../../../renderer/model/clock.ts';
import { HUE_COUNT, hueIndex, hueVariable } from '../../../renderer/model/owner.ts';
import { payloadBody, PREVIEW_CHARACTERS } from '../../../renderer/model/payload-body.ts';
import { hasTerm, toggleTerm } from '../../../renderer/model/query.ts';
import { spanSubject } from '../../../renderer/model/span-label.ts';
import { millisToUnixNano } from '../../../src/shared/domain/ids.ts';
import type { Finding, RedactedPayload } from '../../../src/shared/domain/redacted.ts';
import { makePayload, makeSpan, makeSummary } from '../../support/make-trace.ts';

const finding: Finding = {
  path: '/attributes/url~1full',
  start: 3,
  end: 6,
  rule: 'url-query',
  kind: 'token',
  length: '9-16',
  hash: 'h',
};

describe('attributes', () => {
  const rows = attributeRows({ 'url/full': 'ab ••• c', b: [1, 2], a: true }, '/attributes', [finding]);

  it('come in order of their names, with what was hidden in each', () => {
    expect(rows.map((row) => [row.key, row.text, row.type, row.hidden.length])).toEqual([
      ['a', 'true', 'boolean', 0],
      ['b', '1, 2', 'list', 0],
      ['url/full', 'ab ••• c', 'string', 1],
    ]);
  });

  it('say where in a list, and in a name, something was hidden', () => {
    const item = { ...finding, path: '/attributes/hosts/1', start: 0, end: 3 };
    const name = { ...finding, path: '/attributes/•••.port#', start: 0, end: 3 };
    const rows = attributeRows({ hosts: ['one', '•••'], '•••.port': 1 }, '/attributes', [item, name]);
    expect(rows.map((row) => [row.text, row.hidden[0]?.start, row.hidden[0]?.end, row.hiddenInKey.length])).toEqual([
      ['one, •••', 5, 8, 0],
      ['1', undefined, undefined, 1],
    ]);
  });

  it('are found by name or value, whatever the case', () => {
    expect(filterRows(rows, 'URL').map((row) => row.key)).toEqual(['url/full']);
    expect(filterRows(rows, ' true ').map((row) => row.key)).toEqual(['a']);
    expect(filterRows(rows, '')).toBe(rows);
  });
});

describe('the filter', () => {
  it('is switched on and off by a click on a source', () => {
    const on = toggleTerm('status:error', 'server', 'my notes');
    expect(on).toBe('status:error server:"my notes"');
    expect(hasTerm(on, 'server', 'my notes')).toBe(true);
    expect(toggleTerm(on, 'server', 'my notes')).toBe('status:error');
    expect(toggleTerm('', 'server', 'github')).toBe('server:github');
  });
});

describe('colours', () => {
  it('are the same for a name in every run, and none for the gateway', () => {
    expect(hueIndex('everything')).toBe(hueIndex('everything'));
    expect(hueVariable('throughline')).toBe('var(--hue-gateway)');
  });

  it('are two for two names while there are enough, whichever come first', async () => {
    vi.resetModules();
    const owner = await import('../../../renderer/model/owner.ts');
    const names = ['weather', 'travel-agent', ...Array.from({ length: 8 }, (_, index) => `server-${String(index)}`)];
    const hues = names.map((name) => owner.hueIndex(name));
    expect(new Set(hues).size).toBe(HUE_COUNT);
    expect(names.map((name) => owner.hueIndex(name))).toEqual(hues);
    expect(owner.hueIndex('one more')).toBe(owner.hueIndex('one more'));
  });

  it('use every hue there is', () => {
    const used = new Set(Array.from({ length: 400 }, (_, index) => hueIndex(`server-${String(index)}`)));
    expect([...used].sort((left, right) => left - right)).toEqual(Array.from({ length: HUE_COUNT }, (_, hue) => hue));
  });
});

describe('sources', () => {
  const traces = [
    makeSummary({ id: 1, client: 'Cursor', servers: ['a', 'b'] }),
    makeSummary({ id: 2, client: 'Cursor', servers: ['a'], took: null, clientProtocol: '2024-11-05' }),
    makeSummary({ id: 4, client: 'Cursor', servers: [], clientProtocol: null }),
    makeSummary({ id: 3, client: null, servers: [] }),
  ];

  it('are the clients seen, busiest first, and how often each server was called', () => {
    expect(seenClients(traces)).toEqual([
      { name: 'Cursor', traces: 3, open: 1, protocols: ['2024-11-05', '2025-11-25'] },
    ]);
    expect([...tracesPerServer(traces)]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });
});

describe('the clock of what still runs', () => {
  it('never goes below zero when clocks differ', () => {
    expect(elapsedSince(millisToUnixNano(1_000), 1_250)).toBe(250);
    expect(elapsedSince(millisToUnixNano(1_000), 990)).toBe(0);
  });
});

describe('what a span is about', () => {
  it('stands beside its name unless the name says it already', () => {
    expect(spanSubject(makeSpan({ id: 0, name: 'tool.invoke', attributes: { 'gen_ai.tool.name': 'echo' } }))).toBe(
      'echo',
    );
    expect(spanSubject(makeSpan({ id: 0, name: 'tools/call echo', attributes: { 'gen_ai.tool.name': 'echo' } }))).toBe(
      '',
    );
  });
});

describe('a payload', () => {
  const payload = (text: string, mediaType = 'application/json'): RedactedPayload =>
    makePayload({ text, mediaType, findings: [finding] });

  it('is a tree when it is whole JSON', () => {
    expect(payloadBody(payload('{"a": 1}'), false)).toEqual({ kind: 'json', value: { a: 1 } });
  });

  it('is text when it was cut short or is something else', () => {
    expect(payloadBody(payload('{"a": '), false)).toEqual({ kind: 'text', text: '{"a": ', cut: false, isWhole: false });
    expect(payloadBody(payload('{"a": 1}', 'text/plain'), false)).toMatchObject({ kind: 'text', isWhole: true });
  });

  it('is previewed when it is large, until all of it is asked for', () => {
    const large = JSON.stringify('x'.repeat(PREVIEW_CHARACTERS));
    const preview = payloadBody(payload(large), false);
    expect(preview.kind === 'text' && preview.cut && preview.text.length).toBe(PREVIEW_CHARACTERS);
    expect(payloadBody(payload(large), true).kind).toBe('json');
  });
});
