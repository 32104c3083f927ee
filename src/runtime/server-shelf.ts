import type { ForwardEndpoint } from '../shared/domain/forwarding.ts';
import type { ServerId } from '../shared/domain/ids.ts';
import type { RedactionPolicy } from '../shared/domain/redaction.ts';
import type { ServerConfig } from '../shared/domain/server.ts';
import type { TracingSettings } from '../shared/domain/settings.ts';
import type { VirtualServerConfig } from '../shared/domain/virtual-server.ts';
import type { SecretKey } from './secrets/secret-reference.ts';
import type { SecretVault } from './secrets/secret-vault.ts';
import { endpointSecretsWithoutUse, ruleSecretsWithoutUse, secretsWithoutUse } from './secrets/separate-secrets.ts';

/**
 * Where servers that were agreed to are kept, the rules of redaction, what is set about tracing, and where traces are
 * sent. Rejects with a UserError, and keeps what was, when it cannot.
 */
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
  /**
   * `endpoint` has references where the values of its headers were. It takes the place of the one called `formerName`;
   * what is kept of that one and is not referred to is forgotten.
   */
  saveEndpoint(saved: SavedEndpoint): Promise<void>;
  /** Forgets an endpoint and its secrets. */
  removeEndpoint(name: string): Promise<void>;
}

export interface SavedEndpoint {
  readonly name: string;
  readonly formerName: string | null;
  readonly endpoint: ForwardEndpoint;
  readonly secrets: ReadonlyMap<SecretKey, string>;
}

/** What is forgotten once an endpoint is saved. */
export function secretsReplacedBy(
  vault: Pick<SecretVault, 'keys'>,
  { name, formerName, endpoint }: Omit<SavedEndpoint, 'secrets'>,
): readonly SecretKey[] {
  const former = formerName === null || formerName === name ? [] : endpointSecretsWithoutUse(vault, formerName, null);
  return [...endpointSecretsWithoutUse(vault, name, endpoint), ...former];
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
    saveEndpoint: (saved) => vault.change({ remove: secretsReplacedBy(vault, saved), put: saved.secrets }),
    removeEndpoint: (name) => vault.change({ remove: endpointSecretsWithoutUse(vault, name, null) }),
  };
}
