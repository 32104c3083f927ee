import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerConfig } from '../../shared/domain/server.ts';
import type { ThroughlineConfig } from '../config/config.ts';
import { separateSecrets } from '../secrets/separate-secrets.ts';
import { edited, valueAt, type ConfigChange } from './config-file.ts';
import type { HomeShelfParts } from './home-shelf.ts';

/**
 * Moves the secrets that an earlier version wrote into the config file to the vault and leaves references. Only in
 * entries that were agreed to as they stand: what somebody has just written by hand is theirs. A crash between any two
 * steps loses nothing and has nothing asked again. Answers with the servers it changed.
 */
export async function migrateSecrets(
  { file, approvals, vault }: HomeShelfParts,
  config: ThroughlineConfig,
): Promise<readonly ServerId[]> {
  const moved: ServerId[] = [];
  for (const [id, { written }] of config.servers) {
    const text = await file.read();
    const path = ['mcpServers', id];
    const entry = valueAt(text, path);
    const separated = separateSecrets(id, written);
    if (separated.secrets.size === 0 || !approvals.has(id, entry)) continue;
    const changes = changedValues(id, written, separated.config);
    const rewritten = valueAt(edited(text, changes), path);
    await vault.change({ put: separated.secrets });
    await approvals.set(id, [entry, rewritten]);
    await file.edit(changes);
    await approvals.set(id, [rewritten]);
    moved.push(id);
  }
  return moved;
}

function changedValues(id: ServerId, before: ServerConfig, after: ServerConfig): readonly ConfigChange[] {
  const place = after.type === 'stdio' ? 'env' : 'headers';
  const old = valuesOf(before);
  return Object.entries(valuesOf(after))
    .filter(([name, value]) => old[name] !== value)
    .map(([name, value]) => ({ path: ['mcpServers', id, place, name], value }));
}

function valuesOf(config: ServerConfig): Readonly<Record<string, string>> {
  return config.type === 'stdio' ? config.env : config.headers;
}
