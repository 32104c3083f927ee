import type { ServerId } from '../shared/domain/ids.ts';
import type { RedactionPolicy } from '../shared/domain/redaction.ts';
import type { ServerConfig } from '../shared/domain/server.ts';
import type { TracingSettings } from '../shared/domain/settings.ts';
import type { VirtualServerConfig } from '../shared/domain/virtual-server.ts';
import type { SecretKey } from './secrets/secret-reference.ts';
import type { SecretVault } from './secrets/secret-vault.ts';
import { ruleSecretsWithoutUse, secretsWithoutUse } from './secrets/separate-secrets.ts';

/** Where servers that were agreed to are kept, the rules of redaction, and what is set about tracing. Rejects with a UserError, and keeps what was, when it cannot. */
export interface ServerShelf {
  /** `config` has references where its secrets were. Secrets of this server that it no longer refers to are forgotten. */
  save(id: ServerId, config: ServerConfig, secrets: ReadonlyMap<SecretKey, string>): Promise<void>;
  /** Forgets a server and its secrets. Virtual servers that name it stay. */
  remove(id: ServerId): Promise<void>;
  saveVirtual(id: ServerId, config: VirtualServerConfig): Promise<void>;
  removeVirtual(id: ServerId): Promise<void>;
  /** `policy` has references where its secrets were. Secrets of rules that it no longer refers to are forgotten. */
  saveRedaction(policy: RedactionPolicy, secrets: ReadonlyMap<SecretKey, string>): Promise<void>;
  /** Keeps what differs between the two, and leaves the rest as it is kept. */
  saveSettings(before: TracingSettings, after: TracingSettings): Promise<void>;
}

/** Keeps nothing but secrets, in the vault; the rest of a server ends with this run. */
export function createRunShelf(vault: SecretVault): ServerShelf {
  return {
    save: (id, config, secrets) => vault.change({ remove: secretsWithoutUse(vault, id, config), put: secrets }),
    remove: (id) => vault.change({ remove: secretsWithoutUse(vault, id, null) }),
    saveVirtual: () => Promise.resolve(),
    removeVirtual: () => Promise.resolve(),
    saveRedaction: (policy, secrets) => vault.change({ remove: ruleSecretsWithoutUse(vault, policy), put: secrets }),
    saveSettings: () => Promise.resolve(),
  };
}
