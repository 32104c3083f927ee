import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exposedName, MAX_NAME_LENGTH } from '../../../src/gateway/routing/names.ts';
import { createOffers } from '../../../src/gateway/routing/offers.ts';
import { fakeServers } from '../../support/fake-servers.ts';

const server = { prefix: 'files' };

describe('exposedName', () => {
  it('is prefix, separator and the own name as it is', () => {
    expect(exposedName(server, 'read_file', '__')).toBe('files__read_file');
    expect(exposedName(server, 'admin.tools/list-all', '.')).toBe('files.admin.tools/list-all');
  });

  it('is shortened to what the strictest clients take, with a hash that tells long names apart', () => {
    const [one, two] = ['1', '2'].map((end) => exposedName(server, 'a'.repeat(80) + end, '__'));
    expect(one).toHaveLength(MAX_NAME_LENGTH);
    expect(one).toMatch(/^files__a+_[0-9a-f]{12}$/);
    expect(two).not.toBe(one);
  });

  it('replaces letters that clients refuse', () => {
    expect(exposedName(server, 'lire le fichier', '__')).toMatch(/^files__lire_le_fichier_[0-9a-f]{12}$/);
    expect(exposedName(server, '', '__')).toMatch(/^files___[0-9a-f]{12}$/);
  });

  it('leaves no server a name that reads like a shortened one', () => {
    const shortened = exposedName(server, 'lire le fichier', '__');
    const own = shortened.slice('files__'.length);
    expect(exposedName(server, own, '__')).not.toBe(shortened);
  });
});

/** Names that like to be confused: separators within and at the ends, letters of every kind, lengths around the limit. */
const ownNames = fc.oneof(
  fc.stringMatching(/^[ab_]{1,8}$/),
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.string({ minLength: 50, maxLength: 70, unit: fc.constantFrom('a', '_', 'é') }),
);
const serverIds = fc.stringMatching(/^[ab_]{1,5}$/);
const manyServers = fc.dictionary(serverIds, fc.uniqueArray(ownNames, { maxLength: 6 }), { maxKeys: 5 });

describe('names side by side', () => {
  it('never become one, fit every client and lead back to their server and own name', () => {
    fc.assert(
      fc.property(manyServers, fc.constantFrom('__', '_', 'a', '_a', '.'), (lists, separator) => {
        const entries = Object.entries(lists);
        const servers = fakeServers(Object.fromEntries(entries.map(([id, tools]) => [id, { tools }])), separator);
        const offers = createOffers({ servers: servers.registry, separator });
        const exposed = entries.flatMap(([id, names]) =>
          names.map((name) => ({ id, name, exposed: offers.exposedName(servers.get(id), name) })),
        );
        expect(new Set(exposed.map((item) => item.exposed)).size).toBe(exposed.length);
        for (const item of exposed) {
          expect(item.exposed).toMatch(/^[A-Za-z0-9_./-]{1,64}$/);
          const owner = offers.ownerOfName(item.exposed);
          expect([owner?.server.id, owner?.name]).toEqual([item.id, item.name]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
