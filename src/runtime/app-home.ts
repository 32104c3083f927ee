import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerId } from '../shared/domain/ids.ts';
import type { ConfiguredServer, ServerProblem, ThroughlineConfig } from './config/config.ts';
import { readHomeConfig } from './config/load-config.ts';
import type { Environment } from './config/references.ts';
import { openApprovals } from './home/approvals.ts';
import { createConfigFile, valueAt } from './home/config-file.ts';
import { createHomeShelf } from './home/home-shelf.ts';
import { migrateSecrets } from './home/migrate-secrets.ts';
import { readUserOnly, removeAbandonedDrafts, writeUserOnly } from './home/user-only-file.ts';
import { newSecret } from './http/secrets.ts';
import { openFileVault } from './secrets/file-vault.ts';
import type { SecretCipher, SecretVault } from './secrets/secret-vault.ts';
import type { ServerShelf } from './server-shelf.ts';

/**
 * The app's own directory: `config.json` with the servers, `secrets.json` with their secrets, `approvals.json` with what
 * was agreed to, `token` and `ingest-token`, which stay the same so that clients stay connected over restarts, and
 * `history` with traces when they are to be kept. All for this user's eyes only (S26).
 */
export interface AppHome {
  /** A server that nobody agreed to as it stands has a problem: it was changed or added from outside (S14, S15). */
  readonly config: ThroughlineConfig;
  readonly token: string;
  readonly tokenFile: string;
  /** Takes spans in, and nothing else: for programs that are to get no more than that. */
  readonly ingestToken: string;
  /** Where traces are kept while history is on. */
  readonly historyFile: string;
  readonly shelf: ServerShelf;
  readonly vault: SecretVault;
  /** What the user should know, for the log: one sentence each. */
  readonly notices: readonly string[];
}

/** Why secrets are kept without encryption: the sentence for the log. Null when that needs no mention. */
export interface SecretProtection {
  readonly cipher: SecretCipher | null;
  readonly warning: string | null;
}

const NEEDS_REVIEW: ServerProblem = {
  sentence:
    'This server was added or changed outside the app and was not started. Add it again under the same name to review its command and start it.',
  needs: 'review',
};

/** Opens the directory, or makes it. Rejects with a UserError when its config or its secrets cannot be read. */
export async function openAppHome(
  directory: string,
  environment: Environment,
  protection: SecretProtection = { cipher: null, warning: null },
): Promise<AppHome> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await removeAbandonedDrafts(directory);
  const tokenFile = join(directory, 'token');
  const token = await readToken(tokenFile);
  const ingestToken = await readToken(join(directory, 'ingest-token'));
  const vault = await openFileVault(join(directory, 'secrets.json'), protection.cipher);
  const approvals = await openApprovals(join(directory, 'approvals.json'));
  const file = createConfigFile(join(directory, 'config.json'));
  const parts = { file, approvals, vault };
  const sources = { environment, secrets: vault };

  const moved = await migrateSecrets(parts, readHomeConfig(file.path, await file.read(), sources).config);
  const text = await file.read();
  const { config, mistakes } = readHomeConfig(file.path, text, sources);
  const servers = new Map<ServerId, ConfiguredServer>(
    [...config.servers].map(([id, server]) =>
      // What cannot be read says so first: agreeing to it would not help.
      'problem' in server && server.problem.needs === 'review'
        ? [id, server]
        : [
            id,
            approvals.has(id, valueAt(text, ['mcpServers', id]))
              ? server
              : { written: server.written, problem: NEEDS_REVIEW },
          ],
    ),
  );
  return {
    config: { ...config, servers },
    token,
    tokenFile,
    ingestToken,
    historyFile: join(directory, 'history', 'traces.db'),
    vault,
    shelf: createHomeShelf(parts),
    notices: [
      ...(protection.warning === null ? [] : [protection.warning]),
      ...moved.map(
        (id) => `The secrets of server "${id}" were moved from ${file.path} to ${vault.storage.file ?? ''}.`,
      ),
      ...mistakes,
    ],
  };
}

async function readToken(file: string): Promise<string> {
  const kept = (await readUserOnly(file))?.trim() ?? '';
  if (kept !== '') return kept;
  const token = newSecret();
  await writeUserOnly(file, `${token}\n`);
  return token;
}
