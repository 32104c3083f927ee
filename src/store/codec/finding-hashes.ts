const HASH = /"hash":"([0-9a-f]{16})"/g;

/**
 * The hashes in the findings of spans and bodies as they are written. Read off the text, since what most of them have is
 * none: within a string the quotes would be escaped.
 */
export function hashesIn({ spans, payloads }: { readonly spans: string; readonly payloads: string }): Iterable<string> {
  const hashes = new Set<string>();
  for (const text of [spans, payloads]) {
    if (!text.includes('"hash":"')) continue;
    for (const [, hash] of text.matchAll(HASH)) if (hash !== undefined) hashes.add(hash);
  }
  return hashes;
}
