import { describe, expect, it } from 'vitest';
import { followReferences, resolveServer } from '../../../src/runtime/config/references.ts';
import { createMemoryVault } from '../../../src/runtime/secrets/memory-vault.ts';
import { secretKey } from '../../../src/runtime/secrets/secret-reference.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { HttpServerConfig } from '../../../src/shared/domain/server.ts';

const ID = 'notes' as ServerId;

function server(value: string): HttpServerConfig {
  return { type: 'http', url: 'http://x.example/', headers: { Authorization: value } };
}

async function vaultWith(value: string) {
  const vault = createMemoryVault();
  await vault.change({ put: new Map([[secretKey(ID, 'headers', 'Authorization'), value]]) });
  return vault;
}

function problem(value: string, secrets: Parameters<typeof followReferences>[2]['secrets']): unknown {
  const followed = followReferences(ID, server(value), { environment: {}, secrets });
  return followed.ok ? null : followed.error;
}

describe('references to kept secrets', () => {
  const reference = '${secret:notes/headers/Authorization}';

  it('are replaced by what was typed, with its own references to the environment followed', async () => {
    const sources = { environment: { TOKEN: 'abc' }, secrets: await vaultWith('Bearer x${TOKEN}') };
    expect(resolveServer(ID, server(reference), sources).type).toBe('http');
    expect(resolveServer(ID, server(reference), sources)).toEqual(server('Bearer xabc'));
  });

  it('are not looked for in what was kept', async () => {
    const sources = { environment: {}, secrets: await vaultWith(reference) };
    expect(resolveServer(ID, server(reference), sources)).toEqual(server(reference));
  });

  it.each([
    ['is not kept', reference, /^the secret for headers\.Authorization of server "notes" is not kept any more\. Add/],
    ['belongs to another server', '${secret:other/headers/Authorization}', /a secret of another server/],
    ["belongs to a server whose name begins with this one's", '${secret:notes2/headers/A}', /a secret of another/],
    ['stands within other text', `Bearer ${reference}`, /must be the whole value/],
  ])('that %s are told with their place and what to do', (_what, value, sentence) => {
    expect(problem(value, createMemoryVault())).toEqual({
      path: ['headers', 'Authorization'],
      problem: expect.stringMatching(sentence),
    });
  });

  it('that are encrypted with another key say so', () => {
    expect(problem(reference, { get: () => 'unreadable' })).toMatchObject({
      problem: expect.stringMatching(/encrypted with a key .* Open the app, or add the server again and enter it\.$/),
    });
  });

  it("lead nowhere from a file that is not the app's own", () => {
    expect(problem(reference, null)).toMatchObject({ problem: expect.stringContaining("only the app's own config") });
  });
});
