import { describe, expect, it } from 'vitest';
import {
  choicesOf,
  chosenOf,
  chosenWords,
  EMPTY_VIRTUAL_DRAFT,
  matchingChoices,
  memberWords,
  readVirtualDraft,
  selectionOf,
  toggled,
  virtualDraftOf,
  withSelection,
  withWholeServer,
} from '../../../renderer/model/virtual-draft.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { makeServerView } from '../../support/make-server.ts';

const github = makeServerView('github', { tools: ['search', 'merge'], prompts: ['review'], resources: ['doc://1'] });
const notes = makeServerView('notes', { tools: ['write'] });
const servers = [github, notes];
const nothingTaken = { servers, virtualServers: [] };

describe('choosing for a virtual server', () => {
  it('takes single items in and out, and forgets a server of which nothing is left', () => {
    const one = withSelection(EMPTY_VIRTUAL_DRAFT, github.id, 'tools', toggled([], 'search', ['search', 'merge']));
    expect(selectionOf(one, github.id, 'tools')).toEqual(['search']);
    expect(chosenWords(one, servers)).toBe('1 tool from 1 server');
    const none = withSelection(one, github.id, 'tools', toggled(['search'], 'search', ['search', 'merge']));
    expect(none.members.size).toBe(0);
    expect(chosenWords(none, servers)).toBe('Nothing chosen yet');
  });

  it('knows everything from all there is now: taking one out of everything leaves names', () => {
    const whole = withWholeServer(EMPTY_VIRTUAL_DRAFT, github.id, true);
    expect(chosenOf(whole, github)).toEqual({ chosen: 4, offered: 4, later: true });
    expect(chosenWords(whole, servers)).toBe('2 tools, 1 prompt, 1 resource from 1 server');
    expect(toggled('all', 'merge', ['search', 'merge'])).toEqual(['search']);
    expect(withWholeServer(whole, github.id, false).members.size).toBe(0);
  });

  it('keeps in sight what was chosen and is not offered now', () => {
    const choices = choicesOf(github, 'tools', ['search', 'gone']);
    expect(choices.map(({ name, offered }) => [name, offered])).toEqual([
      ['search', true],
      ['merge', true],
      ['gone', false],
    ]);
    expect(matchingChoices(choices, 'MER').map(({ name }) => name)).toEqual(['merge']);
    expect(matchingChoices(choices, 'what search').map(({ name }) => name)).toEqual(['search']);
  });

  it('tells a member in words', () => {
    expect(memberWords({ tools: 'all', prompts: 'all', resources: 'all' })).toBe('everything');
    expect(memberWords({ tools: 'all', prompts: ['a', 'b'], resources: [] })).toBe('all tools, 2 prompts');
  });
});

describe('saving a virtual server', () => {
  const draft = { ...withWholeServer(EMPTY_VIRTUAL_DRAFT, notes.id, true), name: ' research ', description: ' ' };

  it('sends what the contract wants', () => {
    expect(readVirtualDraft(draft, nothingTaken, null)).toEqual({
      ok: true,
      value: {
        id: 'research',
        description: null,
        members: [{ serverId: 'notes', tools: 'all', prompts: 'all', resources: 'all' }],
      },
    });
  });

  it('says at each field what is wrong', () => {
    const read = readVirtualDraft(EMPTY_VIRTUAL_DRAFT, nothingTaken, null);
    expect(!read.ok && read.error.name).toMatch(/^A server name is/);
    expect(!read.ok && read.error.members).toBe('Choose something from at least one server.');
    const long = readVirtualDraft({ ...draft, description: 'x'.repeat(1_001) }, nothingTaken, null);
    expect(!long.ok && long.error.description).toMatch(/at most 1,000/);
  });

  it('refuses a name that a server or another virtual server has, but not its own', () => {
    const error = (name: string, editing: ServerId | null) => {
      const taken = { servers, virtualServers: [{ id: 'old' as ServerId }] };
      const read = readVirtualDraft({ ...draft, name }, taken, editing);
      return read.ok ? null : read.error.name;
    };
    expect(error('github', null)).toMatch(/^A server is named “github”/);
    expect(error('old', null)).toMatch(/^A virtual server is named “old”/);
    expect(error('old', 'old' as ServerId)).toBeNull();
  });

  it('begins an edit with what there is', () => {
    const view = {
      id: 'old' as ServerId,
      description: 'why',
      members: [{ serverId: github.id, tools: ['search'], prompts: [], resources: 'all' as const }],
      tools: 1,
      prompts: 0,
      resources: 1,
    };
    const read = readVirtualDraft(virtualDraftOf(view), { servers, virtualServers: [view] }, view.id);
    expect(read.ok && read.value).toEqual({ id: 'old', description: 'why', members: view.members });
  });
});
