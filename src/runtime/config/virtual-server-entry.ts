import { serverIdSchema } from '../../shared/contract/schemas.ts';
import type { ServerId } from '../../shared/domain/ids.ts';
import type { Selection, VirtualMember, VirtualServerConfig } from '../../shared/domain/virtual-server.ts';
import { check } from './check.ts';
import type { ConfigText } from './config-text.ts';
import { memberSchema, virtualServerSchema } from './file-schema.ts';

const EVERYTHING: VirtualMember = { tools: 'all', prompts: 'all', resources: 'all' };

/** One entry of `virtualServers`. Throws a UserError that names the place of the first mistake. */
export function readVirtualServer(source: ConfigText, path: readonly string[], value: unknown): VirtualServerConfig {
  const { description, servers } = check(source, path, virtualServerSchema, value);
  const members = new Map<ServerId, VirtualMember>();
  for (const [name, member] of Object.entries(servers)) {
    const at = [...path, 'servers', name];
    const id = serverIdSchema.safeParse(name);
    if (!id.success) throw source.complaint(at, id.error.issues[0]?.message ?? 'this name cannot be used.', 'key');
    members.set(id.data, member === true ? EVERYTHING : memberOf(check(source, at, memberSchema, member)));
  }
  return { description: description ?? null, members };
}

type WrittenSelection = true | readonly string[] | undefined;

function memberOf(member: {
  readonly tools?: WrittenSelection;
  readonly prompts?: WrittenSelection;
  readonly resources?: WrittenSelection;
}): VirtualMember {
  return {
    tools: selectionOf(member.tools),
    prompts: selectionOf(member.prompts),
    resources: selectionOf(member.resources),
  };
}

function selectionOf(written: WrittenSelection): Selection {
  return written === true ? 'all' : (written ?? []);
}

/** A virtual server as a config file writes it. */
export function virtualEntryOf({ description, members }: VirtualServerConfig): object {
  const servers = Object.fromEntries([...members].map(([id, member]) => [id, writtenMember(member)]));
  return { ...(description === null ? {} : { description }), servers };
}

type WrittenMember = Partial<Record<keyof VirtualMember, WrittenSelection>>;

function writtenMember(member: VirtualMember): true | WrittenMember {
  const kinds = ['tools', 'prompts', 'resources'] as const;
  if (kinds.every((kind) => member[kind] === 'all')) return true;
  const written: WrittenMember = {};
  for (const kind of kinds) {
    const selection = member[kind];
    if (selection === 'all') written[kind] = true;
    else if (selection.length > 0) written[kind] = selection;
  }
  return written;
}
