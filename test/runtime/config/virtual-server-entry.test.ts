import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/runtime/config/load-config.ts';
import { virtualEntryOf } from '../../../src/runtime/config/virtual-server-entry.ts';
import { UserError } from '../../../src/shared/kernel/user-error.ts';

const SERVERS = '"mcpServers": {"a": {"command": "x"}, "b": {"command": "y"}}';

function read(virtualServers: string) {
  return readConfig('c.json', `{${SERVERS},\n"virtualServers": ${virtualServers}}`, {}).virtualServers;
}

function sentenceOf(virtualServers: string): string {
  try {
    read(virtualServers);
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.message;
    throw thrown;
  }
  throw new Error('It was read.');
}

describe('virtual servers in a config file', () => {
  it('take all of a server, or of each kind all, some or none', () => {
    const text = `{
      "all": {"servers": {"a": true}},
      "some": {"description": "for work", "servers": {"a": {"tools": ["x", "y"], "resources": true}, "b": {}}},
    }`;
    expect(Object.fromEntries(read(text))).toEqual({
      all: { description: null, members: new Map([['a', { tools: 'all', prompts: 'all', resources: 'all' }]]) },
      some: {
        description: 'for work',
        members: new Map([
          ['a', { tools: ['x', 'y'], prompts: [], resources: 'all' }],
          ['b', { tools: [], prompts: [], resources: [] }],
        ]),
      },
    });
  });

  it('are written as they are read', () => {
    const written = { all: { servers: { a: true } }, some: { description: 'd', servers: { b: { tools: ['x'] } } } };
    const virtual = read(JSON.stringify(written));
    expect(Object.fromEntries([...virtual].map(([id, config]) => [id, virtualEntryOf(config)]))).toEqual(written);
  });

  it.each([
    ['{"v": {"servers": {"c": true}}}', 'line 2, column 38: there is no server "c" in mcpServers.'],
    ['{"a": {"servers": {"b": true}}}', 'line 2, column 20: there is a server "a" in mcpServers already'],
    ['{"v": {"servers": {"a": false}}}', 'line 2, column 43: virtualServers.v.servers.a: write true (all that'],
    [
      '{"v": {"servers": {"a": {"tools": "x"}}}}',
      'line 2, column 53: virtualServers.v.servers.a.tools: write true (all',
    ],
    [
      '{"v": {"servers": {"a": {"tools": [1]}}}}',
      'virtualServers.v.servers.a.tools: write true (all of them) or a list',
    ],
    [
      '{"v": {"servers": {"a": {"tool": true}}}}',
      'line 2, column 44: unknown key "tool" (in virtualServers.v.servers.a). Known keys: tools, prompts, resources.',
    ],
    ['{"v": {"servers": {}}}', 'virtualServers.v.servers: choose something from at least one server.'],
    ['{"v": {}}', 'virtualServers.v.servers: choose something from at least one server.'],
    ['{"v": true}', 'line 2, column 25: virtualServers.v: '],
    ['{"v/w": {"servers": {"a": true}}}', 'line 2, column 20: A server name is 1 to 64'],
    ['[]', 'line 2, column 19: virtualServers: '],
  ])('%s names the place and what to do', (text, sentence) => {
    expect(sentenceOf(text)).toContain(`c.json, ${sentence.startsWith('line') ? '' : 'line 2, column '}`);
    expect(sentenceOf(text)).toContain(sentence);
  });
});
