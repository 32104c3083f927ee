import { virtualServerRequestSchema } from '../../src/shared/contract/schemas.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { ItemInfo, ServerView, ToolInfo } from '../../src/shared/domain/server.ts';
import type { Selection, VirtualMember, VirtualServerView } from '../../src/shared/domain/virtual-server.ts';
import { err, ok } from '../../src/shared/kernel/result.ts';
import type { Result } from '../../src/shared/kernel/result.ts';
import type { z } from 'zod';
import { plural } from './format.ts';

export type ItemKind = 'tools' | 'prompts' | 'resources';

export const ITEM_KINDS: readonly ItemKind[] = ['tools', 'prompts', 'resources'];

/** The form for a virtual server as it stands. */
export interface VirtualDraft {
  readonly name: string;
  readonly description: string;
  readonly members: ReadonlyMap<ServerId, VirtualMember>;
}

export const EMPTY_VIRTUAL_DRAFT: VirtualDraft = { name: '', description: '', members: new Map() };

const NOTHING: VirtualMember = { tools: [], prompts: [], resources: [] };

export function virtualDraftOf(view: VirtualServerView): VirtualDraft {
  return {
    name: view.id,
    description: view.description ?? '',
    members: new Map(view.members.map(({ serverId, ...member }) => [serverId, member])),
  };
}

export function selectionOf(draft: VirtualDraft, serverId: ServerId, kind: ItemKind): Selection {
  return (draft.members.get(serverId) ?? NOTHING)[kind];
}

export function withSelection(
  draft: VirtualDraft,
  serverId: ServerId,
  kind: ItemKind,
  selection: Selection,
): VirtualDraft {
  const member = { ...(draft.members.get(serverId) ?? NOTHING), [kind]: selection };
  const members = new Map(draft.members);
  if (isNothing(member)) members.delete(serverId);
  else members.set(serverId, member);
  return { ...draft, members };
}

/** Everything a server has, or nothing of it. */
export function withWholeServer(draft: VirtualDraft, serverId: ServerId, chosen: boolean): VirtualDraft {
  const members = new Map(draft.members);
  if (chosen) members.set(serverId, { tools: 'all', prompts: 'all', resources: 'all' });
  else members.delete(serverId);
  return { ...draft, members };
}

/**
 * One item in or out. Taking one out of `all` leaves the others that there are now by name: what comes later is then no
 * longer chosen.
 */
export function toggled(selection: Selection, name: string, offered: readonly string[]): Selection {
  if (selection === 'all') return offered.filter((each) => each !== name);
  return selection.includes(name) ? selection.filter((each) => each !== name) : [...selection, name];
}

export function includes(selection: Selection, name: string): boolean {
  return selection === 'all' || selection.includes(name);
}

function isNothing(member: VirtualMember): boolean {
  return ITEM_KINDS.every((kind) => member[kind].length === 0);
}

/** One line of the tree: what a server offers, or what was chosen and is not offered now. */
export interface Choice {
  /** As its server names it; what is saved. */
  readonly name: string;
  readonly exposedName: string;
  readonly description: string | null;
  readonly offered: boolean;
}

/** What can be chosen of one kind: what the server offers, and what was chosen before and it does not offer now. */
export function choicesOf(server: ServerView, kind: ItemKind, selection: Selection): readonly Choice[] {
  const items: readonly (ItemInfo & Partial<ToolInfo>)[] = server[kind];
  const offered = items.map(({ name, exposedName, description }) => ({
    name,
    exposedName,
    description: description ?? null,
    offered: true,
  }));
  if (selection === 'all') return offered;
  const names = new Set(offered.map(({ name }) => name));
  const missing = selection.filter((name) => !names.has(name));
  return [...offered, ...missing.map((name) => ({ name, exposedName: name, description: null, offered: false }))];
}

/** The choices whose name or description holds every word of `term`. */
export function matchingChoices(choices: readonly Choice[], term: string): readonly Choice[] {
  const words = term
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return choices;
  return choices.filter(({ name, exposedName, description }) => {
    const text = `${name} ${exposedName} ${description ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export interface ChosenCount {
  readonly chosen: number;
  readonly offered: number;
  /** Of some kind, what comes later is chosen too. */
  readonly later: boolean;
}

/** How much of one server is chosen. */
export function chosenOf(draft: VirtualDraft, server: ServerView): ChosenCount {
  let chosen = 0;
  let offered = 0;
  let later = false;
  for (const kind of ITEM_KINDS) {
    const selection = selectionOf(draft, server.id, kind);
    offered += server[kind].length;
    chosen += selection === 'all' ? server[kind].length : selection.length;
    later ||= selection === 'all';
  }
  return { chosen, offered, later };
}

const NOUNS: Readonly<Record<ItemKind, string>> = { tools: 'tool', prompts: 'prompt', resources: 'resource' };

/** What clients of the virtual server would see now, in words. */
export function chosenWords(draft: VirtualDraft, servers: readonly ServerView[]): string {
  if (draft.members.size === 0) return 'Nothing chosen yet';
  const parts = ITEM_KINDS.map((kind) => {
    let count = 0;
    for (const [serverId, member] of draft.members) {
      const selection = member[kind];
      const server = servers.find((each) => each.id === serverId);
      count += selection === 'all' ? (server?.[kind].length ?? 0) : selection.length;
    }
    return count === 0 ? '' : plural(count, NOUNS[kind]);
  }).filter((part) => part !== '');
  const what = parts.length === 0 ? 'What comes later' : parts.join(', ');
  return `${what} from ${plural(draft.members.size, 'server')}`;
}

/** What a member takes from its server, in words: `all tools, 2 prompts`. */
export function memberWords(member: VirtualMember): string {
  if (ITEM_KINDS.every((kind) => member[kind] === 'all')) return 'everything';
  return ITEM_KINDS.map((kind) => {
    const selection = member[kind];
    if (selection === 'all') return `all ${kind}`;
    return selection.length === 0 ? '' : plural(selection.length, NOUNS[kind]);
  })
    .filter((part) => part !== '')
    .join(', ');
}

export interface VirtualErrors {
  readonly name?: string;
  readonly description?: string;
  readonly members?: string;
}

export type VirtualServerRequest = z.output<typeof virtualServerRequestSchema>;

export interface TakenNames {
  readonly servers: readonly { readonly id: ServerId }[];
  readonly virtualServers: readonly { readonly id: ServerId }[];
}

/** Checks the form with the contract's own schema. `editing` is the name it has already; null makes a new one. */
export function readVirtualDraft(
  draft: VirtualDraft,
  taken: TakenNames,
  editing: ServerId | null,
): Result<VirtualServerRequest, VirtualErrors> {
  const id = draft.name.trim();
  const members = [...draft.members].map(([serverId, member]) => ({
    serverId,
    tools: mutable(member.tools),
    prompts: mutable(member.prompts),
    resources: mutable(member.resources),
  }));
  const description = draft.description.trim();
  const parsed = virtualServerRequestSchema.safeParse({
    id,
    description: description === '' ? null : description,
    members,
  });
  const errors: { -readonly [Key in keyof VirtualErrors]: VirtualErrors[Key] } = {};
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) {
      const [field] = path;
      if (field === 'description') errors.description ??= 'A description is at most 1,000 characters long.';
      else if (field === 'members') errors.members ??= message;
      else errors.name ??= message;
    }
  }
  if (taken.servers.some((each) => each.id === id)) {
    errors.name = `A server is named “${id}”. Both would have the same address: choose another name.`;
  } else if (id !== editing && taken.virtualServers.some((each) => each.id === id)) {
    errors.name = `A virtual server is named “${id}”. Edit that one, or choose another name.`;
  }
  return parsed.success && Object.keys(errors).length === 0 ? ok(parsed.data) : err(errors);
}

function mutable(selection: Selection): 'all' | string[] {
  return selection === 'all' ? 'all' : [...selection];
}
