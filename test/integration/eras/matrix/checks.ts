import { expect } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { textOf } from '../../../support/sdk-client.ts';
import type { Feature, Outcome } from './cells.ts';
import type { Era } from './combinations.ts';
import type { EraClient } from './era-client.ts';
import { asksItsClient } from './questions.ts';
import { hearsOfLists, hearsOfResource, hearsLogMessages } from './news.ts';

/** One client of one server, through a gateway. */
export interface Meeting {
  /** On the server's own endpoint. */
  readonly me: EraClient;
  /** The same client on `/mcp`, where the server is one of several. */
  readonly meAmongOthers: EraClient;
  readonly serverEra: Era;
  readonly serverId: string;
  /** What the server wrote down, oldest first. */
  serverNotes(): readonly string[];
}

/** Uses a feature as a client would, and says what came of it. Throws when it is neither there nor clearly refused. */
export type Check = (meeting: Meeting) => Promise<Outcome>;

const RESOURCE_NOT_FOUND = -32_002;
const INVALID_PARAMS = -32_602;
const CANCELLED = 'cancelled test_wait_until_cancelled';
const SIMPLE_TEXT = 'This is a simple text response for testing.';

async function lists(me: EraClient, name: string): Promise<void> {
  const { tools } = await me.client.listTools();
  expect(tools.map((tool) => tool.name)).toContain(name);
}

export const CHECKS: Readonly<Record<Feature, Check>> = {
  async tools({ me }) {
    await lists(me, 'test_simple_text');
    const answer = await me.callTool({ name: 'test_simple_text' });
    expect(textOf(answer)).toBe(SIMPLE_TEXT);
    const mixed = await me.callTool({ name: 'test_multiple_content_types' });
    expect(mixed['content']).toMatchObject([{ type: 'text' }, { type: 'image' }, { type: 'resource' }]);
    return 'yes';
  },

  async toolsAmongOthers({ meAmongOthers, serverId }) {
    const name = `${serverId}__test_simple_text`;
    await lists(meAmongOthers, name);
    expect(textOf(await meAmongOthers.callTool({ name }))).toBe(SIMPLE_TEXT);
    return 'yes';
  },

  async prompts({ me: { client } }) {
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toContain('test_prompt_with_arguments');
    const given = { name: 'test_prompt_with_arguments', arguments: { arg1: 'one', arg2: 'two' } };
    const { messages } = await client.getPrompt(given);
    const text = "Prompt with arguments: arg1='one', arg2='two'";
    expect(messages).toEqual([{ role: 'user', content: { type: 'text', text } }]);
    return 'yes';
  },

  async resources({ me: { client } }) {
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain('test://static-text');
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['test://template/{id}/data']);
    const uri = 'test://template/7/data';
    const { contents } = await client.readResource({ uri });
    expect(contents).toMatchObject([{ uri, mimeType: 'application/json' }]);
    return 'yes';
  },

  async completion({ me: { client } }) {
    const ref = { type: 'ref/prompt' as const, name: 'test_prompt_with_arguments' };
    const { completion } = await client.complete({ ref, argument: { name: 'arg1', value: 'par' } });
    expect(completion.values).toEqual(['par-one', 'par-two']);
    return 'yes';
  },

  async toolErrors({ me }) {
    const answer = await me.callTool({ name: 'test_error_handling' });
    expect(answer['isError']).toBe(true);
    expect(textOf(answer)).toBe('This tool intentionally returns an error for testing');
    return 'yes';
  },

  /** Of a missing resource each side's own era has its code; the newest one holds where one of them is modern. */
  async protocolErrors({ me: { client, era }, serverEra }) {
    await expect(client.getPrompt({ name: 'nothing' })).rejects.toMatchObject({
      code: INVALID_PARAMS,
      message: expect.stringMatching(/Unknown prompt: nothing$/),
    });
    const bothLegacy = era === 'legacy' && serverEra === 'legacy';
    await expect(client.readResource({ uri: 'test://nothing' })).rejects.toMatchObject({
      code: bothLegacy ? RESOURCE_NOT_FOUND : INVALID_PARAMS,
      message: expect.stringContaining('test://nothing'),
    });
    return 'yes';
  },

  async progress({ me }) {
    const heard: unknown[] = [];
    await me.callTool({ name: 'test_tool_with_progress' }, { onprogress: (step) => heard.push(step) });
    expect(heard).toEqual([0, 50, 100].map((progress) => ({ progress, total: 100 })));
    return 'yes';
  },

  async cancelling({ me, serverNotes }) {
    const countOfCancelled = (): number => serverNotes().filter((note) => note === CANCELLED).length;
    const before = countOfCancelled();
    const leaving = new AbortController();
    // Its progress says that the tool runs.
    const options = { signal: leaving.signal, onprogress: () => leaving.abort(new Error('No longer wanted')) };
    await expect(me.callTool({ name: 'test_wait_until_cancelled' }, options)).rejects.toThrow('No longer wanted');
    await eventually('the server was told', () => countOfCancelled() > before);
    return 'yes';
  },

  logging: hearsLogMessages,

  elicitation: ({ me }) =>
    asksItsClient(me, {
      tool: 'test_elicitation',
      args: { message: 'who?' },
      method: 'elicitation/create',
      answer: 'ada@example.test',
    }),

  sampling: ({ me }) =>
    asksItsClient(me, {
      tool: 'test_sampling',
      args: { prompt: 'say something' },
      method: 'sampling/createMessage',
      answer: 'words of the model',
    }),

  roots: ({ me, serverEra }) =>
    asksItsClient(me, {
      tool: serverEra === 'legacy' ? 'test_roots' : 'test_input_required_result_list_roots',
      args: {},
      method: 'roots/list',
      answer: 'file:///work-of-ada',
    }),

  toolNews: (meeting) =>
    hearsOfLists(meeting, {
      list: 'tools',
      trigger: 'test_trigger_tool_change',
      names: async ({ client }) => (await client.listTools()).tools.map(({ name }) => name),
      changing: 'test_changing_tool',
    }),

  promptNews: (meeting) =>
    hearsOfLists(meeting, {
      list: 'prompts',
      trigger: 'test_trigger_prompt_change',
      names: async ({ client }) => (await client.listPrompts()).prompts.map(({ name }) => name),
      changing: 'test_changing_prompt',
    }),

  resourceNews: hearsOfResource,
};
