/**
 * MCP has two ways to speak: `legacy` revisions open a session with a handshake, `modern` ones (since 2026-07-28) know
 * neither, and each request says by itself who asks.
 */
export type Era = 'modern' | 'legacy';

/** The last revision with a handshake. */
export const LAST_LEGACY_VERSION = '2025-11-25';

const DATE = /^\d{4}-\d\d-\d\d$/;

/** The era of an MCP protocol version; null for what is no date, as all versions are. Dates compare as text. */
export function eraOf(version: string): Era | null {
  if (!DATE.test(version)) return null;
  return version > LAST_LEGACY_VERSION ? 'modern' : 'legacy';
}
