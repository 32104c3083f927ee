import { eraOf } from '../../src/shared/domain/era.ts';
import type { Era } from '../../src/shared/domain/era.ts';
import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import type { SpanTree } from './span-tree.ts';

const PROTOCOL_ATTRIBUTE = 'mcp.protocol.version';

const WAY: Readonly<Record<Era, string>> = { modern: 'stateless', legacy: 'handshake' };

const EXPLAINED: Readonly<Record<Era, string>> = {
  modern: 'each request stands alone',
  legacy: 'a handshake opens a session',
};

/** A version of MCP for somebody who need not know what its date means. */
export function protocolWords(version: string): string {
  const era = eraOf(version);
  return era === null ? version : `${versionAndEra(version)} (${WAY[era]})`;
}

/** The same in fewer words. */
export function versionAndEra(version: string): string {
  const era = eraOf(version);
  return era === null ? version : `${version} · ${era}`;
}

/** The era of all these versions in the word that the filter knows it by; empty when there is none. */
export function eraWord(versions: readonly string[]): string {
  const eras = new Set(versions.map(eraOf).filter((era) => era !== null));
  const [first, ...others] = eras;
  return others.length > 0 ? 'both eras' : (first ?? '');
}

/** What stands behind that word, a line for each version. */
export function eraHint(versions: readonly string[]): string {
  return versions
    .map((version) => {
      const era = eraOf(version);
      return era === null ? `MCP ${version}` : `MCP ${version}: ${era}, ${EXPLAINED[era]}`;
    })
    .join('\n');
}

/** The versions that were spoken with each server of a trace, oldest first. */
export function serverProtocols(tree: SpanTree): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { span, owner } of tree.byId.values()) {
    const version = span.attributes[PROTOCOL_ATTRIBUTE];
    if (span.kind !== 'client' || typeof version !== 'string') continue;
    const known = found.get(owner) ?? [];
    if (!known.includes(version)) found.set(owner, [...known, version].sort());
  }
  return found;
}

/** With whom the version of a span was spoken, and which; null where it tells none. */
export function spanProtocol({ kind, attributes }: RedactedSpan): string | null {
  const version = attributes[PROTOCOL_ATTRIBUTE];
  if (typeof version !== 'string') return null;
  return `${versionAndEra(version)}, with the ${kind === 'client' ? 'server' : 'client'}`;
}
