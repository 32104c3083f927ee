import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOT_TO_BE_KEPT } from '../../../src/gateway/era/freshness.ts';
import { parseFrame, type ResponseFrame } from '../../../src/gateway/frame/frame.ts';
import { exposedItem, readItemTexts } from '../../../src/gateway/routing/list-items.ts';
import { LIST_METHODS } from '../../../src/gateway/upstream/catalog.ts';
import { createOffers } from '../../../src/gateway/routing/offers.ts';
import { createViews } from '../../../src/gateway/routing/view.ts';
import { createVirtualServers } from '../../../src/gateway/routing/virtual-servers.ts';
import { fakeServers } from '../../support/fake-servers.ts';

const servers = fakeServers({ s: {}, t: { resources: ['x://both'], templates: ['x://{both}'] } });
const offers = createOffers({ servers: servers.registry, separator: '__' });
const view = createViews({ servers: servers.registry, virtualServers: createVirtualServers() }).of({ kind: 'all' });
if (view === null) throw new Error('There is always a view of everything.');
const source = { server: servers.get('s'), view, offers };

function result(resultSource: string): ResponseFrame {
  const parsed = parseFrame(`{"jsonrpc":"2.0","id":1,"result":${resultSource}}`);
  if (!parsed.ok || parsed.value.kind !== 'result') throw new Error('No result');
  return parsed.value;
}

const refusal = parseFrame('{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"no"}}');
if (!refusal.ok || refusal.value.kind !== 'error') throw new Error('No error');
const refused: ResponseFrame = refusal.value;

/** JSON source that a parser would not give back: big integers, fractions of nothing, odd escapes, keys twice. */
const oddValue = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      '12345678901234567890',
      '1.0',
      '-0',
      '1e2',
      'true',
      'null',
      '"\\u0061\\/"',
      '"é\\ud83d\\ude00"',
      '[ ]',
    ),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' , ')}]`),
    fc
      .array(fc.tuple(fc.constantFrom('"a"', '"__proto__"', '"\\u006e"', '"_meta"'), tie('value')), { maxLength: 3 })
      .map((members) => `{ ${members.map(([key, value]) => `${key} : ${value}`).join(',')} }`),
  ),
})).value;
const member = fc.tuple(fc.constantFrom('"title"', '"icons"', '"__proto__"', '"_meta"', '"x"'), oddValue);

describe('exposedItem', () => {
  it('leaves everything of a tool in its source but the name', () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 4 }), fc.array(member, { maxLength: 4 }), (before, after) => {
        const around = [before, after].map((members) => members.map(([key, value]) => `${key}:${value}`));
        const withName = (name: string): string =>
          `{${[...(around[0] ?? []), `"name" : "${name}"`, ...(around[1] ?? [])].join(' ,')}}`;
        expect(exposedItem('tool', withName('read'), source)).toBe(withName('s__read'));
      }),
    );
  });

  it('renames the name that counts when there are two, and one that is written with escapes', () => {
    expect(exposedItem('prompt', '{"name":"a","name":"b"}', source)).toBe('{"name":"a","name":"s__b"}');
    expect(exposedItem('tool', '{"n\\u0061me":"\\u0061"}', source)).toBe('{"n\\u0061me":"s__a"}');
  });

  it('leaves out a tool without a name, which nobody could call', () => {
    expect(exposedItem('tool', '{"title":"x"}', source)).toBeNull();
    expect(exposedItem('tool', '{"name":7}', source)).toBeNull();
  });

  it('leaves a resource as it is unless another server has its URI', () => {
    expect(exposedItem('resource', '{ "uri":"x:\\/\\/mine", "size": 1.0}', source)).toBe(
      '{ "uri":"x:\\/\\/mine", "size": 1.0}',
    );
    expect(exposedItem('resource', '{"uri":"x://both","size":1.0}', source)).toBe(
      '{"uri":"throughline:s:x://both","size":1.0}',
    );
    expect(exposedItem('resource_template', '{"uriTemplate":"x://{both}"}', source)).toBe(
      '{"uriTemplate":"throughline:s:x://{both}"}',
    );
  });
});

describe('readItemTexts', () => {
  it('takes every page as it was written', async () => {
    const pages = ['{"tools":[ {"a":1.0} ,{"b":12345678901234567890}],"nextCursor":"2"}', '{"tools":[{"c":-0}]}'];
    const asked: unknown[] = [];
    const { value: texts } = await readItemTexts(LIST_METHODS.tool, (request) => {
      asked.push(request.params);
      return Promise.resolve(result(pages[asked.length - 1] ?? '{}'));
    });
    expect(texts).toEqual(['{"a":1.0}', '{"b":12345678901234567890}', '{"c":-0}']);
    expect(asked).toEqual([{}, { cursor: '2' }]);
  });

  it('stops asking a server that pages for ever', async () => {
    let asked = 0;
    const { value: texts } = await readItemTexts(LIST_METHODS.tool, () => {
      asked += 1;
      return Promise.resolve(result(`{"tools":[{"name":"t${asked}"}],"nextCursor":"more"}`));
    });
    expect([asked, texts.length]).toEqual([100, 100]);
  });

  const page = (ttlMs: number, cacheScope: string, more = '') =>
    result(`{"tools":[],"ttlMs":${ttlMs},"cacheScope":"${cacheScope}"${more}}`);

  it.each([
    ['of its only page', [page(5, 'public')], { ttlMs: 5, cacheScope: 'public' }],
    [
      'of the page that holds shortest, and no more public than each',
      [page(9, 'private', ',"nextCursor":"2"'), page(5, 'public')],
      { ttlMs: 5, cacheScope: 'private' },
    ],
    ['of nothing when a page cannot be had', [page(9, 'public', ',"nextCursor":"2"'), refused], NOT_TO_BE_KEPT],
  ])('says of the list what its server says %s', async (_what, pages, freshness) => {
    const left = [...pages];
    const list = await readItemTexts(LIST_METHODS.tool, () => Promise.resolve(left.shift() ?? refused));
    expect(list.freshness).toEqual(freshness);
  });
});
