import { endpointEntryOf } from '../config/endpoint-entry.ts';
import { redactionEntryOf } from '../config/redaction-entry.ts';
import { entryOf } from '../config/server-entry.ts';
import { changedTracing } from '../config/tracing-entry.ts';
import { virtualEntryOf } from '../config/virtual-server-entry.ts';
import type { SecretKey } from '../secrets/secret-reference.ts';
import { endpointSecretsWithoutUse, ruleSecretsWithoutUse, secretsWithoutUse } from '../secrets/separate-secrets.ts';
import type { SecretVault } from '../secrets/secret-vault.ts';
import { secretsReplacedBy, type ServerShelf } from '../server-shelf.ts';
import { createTurns } from '../turns.ts';
import type { Approvals } from './approvals.ts';
import type { ConfigChange, ConfigFile } from './config-file.ts';

export interface HomeShelfParts {
  readonly file: ConfigFile;
  readonly approvals: Approvals;
  readonly vault: SecretVault;
}

/** Keeps servers, rules, settings and endpoints in the app's own files, one change at a time. */
export function createHomeShelf({ file, approvals, vault }: HomeShelfParts): ServerShelf {
  const inTurn = createTurns();

  /** All of it, or nothing when it rejects. */
  async function keepWithSecrets(
    changes: readonly ConfigChange[],
    secrets: ReadonlyMap<SecretKey, string>,
  ): Promise<void> {
    await file.check();
    const undo = valuesBefore(vault, secrets);
    // Secrets first: a crash then leaves one too many instead of a server without its own.
    await vault.change({ put: secrets });
    try {
      await file.edit(changes);
    } catch (error) {
      await vault.change(undo);
      throw error;
    }
  }

  return {
    save: (id, config, secrets) =>
      inTurn(async () => {
        const entry = entryOf(config);
        await keepWithSecrets([{ path: ['mcpServers', id], value: entry }], secrets);
        await approvals.set(id, [entry]);
        await vault.change({ remove: secretsWithoutUse(vault, id, config) });
      }),
    remove: (id) =>
      inTurn(async () => {
        await file.edit([{ path: ['mcpServers', id], value: undefined }]);
        await approvals.remove(id);
        await vault.change({ remove: secretsWithoutUse(vault, id, null) });
      }),
    saveVirtual: (id, config) =>
      inTurn(() => file.edit([{ path: ['virtualServers', id], value: virtualEntryOf(config) }])),
    saveRedaction: (policy, secrets) =>
      inTurn(async () => {
        await keepWithSecrets([{ path: ['redaction'], value: redactionEntryOf(policy) }], secrets);
        await vault.change({ remove: ruleSecretsWithoutUse(vault, policy) });
      }),
    saveSettings: (before, after) => inTurn(() => file.edit(changedTracing(before, after))),
    saveEndpoint: (saved) =>
      inTurn(async () => {
        const { name, formerName, endpoint, secrets } = saved;
        const changes = [{ path: pathOfEndpoint(name), value: endpointEntryOf(endpoint) }];
        const isRenamed = formerName !== null && formerName !== name;
        const leaving = isRenamed ? [{ path: pathOfEndpoint(formerName), value: undefined }] : [];
        await keepWithSecrets([...leaving, ...changes], secrets);
        await vault.change({ remove: secretsReplacedBy(vault, saved) });
      }),
    removeEndpoint: (name) =>
      inTurn(async () => {
        await file.edit([{ path: pathOfEndpoint(name), value: undefined }]);
        await vault.change({ remove: endpointSecretsWithoutUse(vault, name, null) });
      }),
    removeVirtual: (id) => inTurn(() => file.edit([{ path: ['virtualServers', id], value: undefined }])),
  };
}

function pathOfEndpoint(name: string): readonly string[] {
  return ['otlp', 'endpoints', name];
}

/** What brings the vault back to where it is now, after `put` was put. */
function valuesBefore(vault: SecretVault, put: ReadonlyMap<SecretKey, string>): Parameters<SecretVault['change']>[0] {
  const kept = new Map<SecretKey, string>();
  const remove: SecretKey[] = [];
  for (const key of put.keys()) {
    const before = vault.get(key);
    if (typeof before === 'object') kept.set(key, before.value);
    else remove.push(key);
  }
  return { put: kept, remove };
}
