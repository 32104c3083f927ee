import { randomUUID } from 'node:crypto';
import type { ConsentRequest } from '../shared/contract/messages.ts';
import type { ServerId } from '../shared/domain/ids.ts';
import type { ServerConfig } from '../shared/domain/server.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import { resolveServer, withNewSecrets, type ReferenceSources } from './config/references.ts';
import type { SecretKey } from './secrets/secret-reference.ts';
import { separateSecrets } from './secrets/separate-secrets.ts';

/** A server that somebody wants to add, until they have agreed to what would be started (S14). */
export interface Proposal {
  readonly id: ServerId;
  /** With references where its secrets were: what is kept. */
  readonly written: ServerConfig;
  readonly secrets: ReadonlyMap<SecretKey, string>;
  /** As it is started. */
  readonly resolved: ServerConfig;
}

export interface Proposals {
  /** Throws a UserError when a reference of the configuration leads nowhere. */
  add(id: ServerId, config: ServerConfig): Pick<ConsentRequest, 'proposalId' | 'target'>;
  /** A proposal can be taken once. Throws a UserError when it is not open. */
  take(proposalId: string): Proposal;
  /** Opens a proposal again of which nothing came. */
  putBack(proposalId: string, proposal: Proposal): void;
}

/** Those nobody answered are let go, oldest first. */
const MAX_PROPOSALS = 20;

export function createProposals(sources: ReferenceSources): Proposals {
  const open = new Map<string, Proposal>();

  function keep(proposalId: string, proposal: Proposal): void {
    open.set(proposalId, proposal);
    const oldest = open.keys().next();
    if (open.size > MAX_PROPOSALS && oldest.done !== true) open.delete(oldest.value);
  }

  return {
    add(id, config) {
      const { config: written, secrets } = separateSecrets(id, config);
      const resolved = resolveServer(id, written, withNewSecrets(sources, secrets));
      const proposalId = randomUUID();
      keep(proposalId, { id, written, secrets, resolved });
      return { proposalId, target: targetOf(written) };
    },
    take(proposalId) {
      const proposal = open.get(proposalId);
      if (proposal === undefined) throw new UserError('This proposal is no longer open; add the server again.');
      open.delete(proposalId);
      return proposal;
    },
    putBack: keep,
  };
}

function targetOf(config: ServerConfig): ConsentRequest['target'] {
  if (config.type !== 'stdio') return { type: config.type, url: config.url, headerNames: Object.keys(config.headers) };
  const { command, args, cwd } = config;
  return { type: 'stdio', command, args, envNames: Object.keys(config.env), cwd };
}
