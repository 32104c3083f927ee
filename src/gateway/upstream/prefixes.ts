const MAX_PREFIX_LENGTH = 32;

/** What one server's names begin with where several servers' names stand side by side. */
export interface PrefixRequest {
  readonly wanted: string;
  readonly taken: Iterable<string>;
  readonly separator: string;
}

/**
 * The wanted prefix in letters that names may have, or one like it. No prefix with the separator behind it is ever the
 * beginning of another one with it: so a name belongs to one server at most, whatever servers call their tools.
 */
export function freePrefix({ wanted, taken, separator }: PrefixRequest): string {
  const others = [...taken].map((prefix) => prefix + separator);
  const isFree = (prefix: string): boolean => {
    const head = prefix + separator;
    return !others.some((other) => other.startsWith(head) || head.startsWith(other));
  };
  const plain = wanted.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, MAX_PREFIX_LENGTH);
  if (isFree(plain)) return plain;
  const filler = separator.includes('-') ? '_' : '-';
  const base = plain.replaceAll(separator, filler);
  if (isFree(base)) return base;
  for (let number = 2; number <= others.length + 2; number += 1)
    if (isFree(`${base}_${number}`)) return `${base}_${number}`;
  // What stands behind makes no difference where another prefix and the separator are the beginning of this one.
  for (let number = 2; ; number += 1) if (isFree(`${number}${filler}${base}`)) return `${number}${filler}${base}`;
}
