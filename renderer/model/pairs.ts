/** A variable or a header as it is typed. */
export interface Pair {
  readonly name: string;
  readonly value: string;
}

export const EMPTY_PAIR: Pair = { name: '', value: '' };

export type PairSeparator = '=' | ':';

/** Lines of `NAME=value` or `Name: value` as pairs; null when the text is anything else. Lines starting with # are left out. */
export function pairsFromText(text: string, separator: PairSeparator): readonly Pair[] | null {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const pairs = lines.map((line): Pair | null => {
    const at = line.indexOf(separator);
    const name = line.slice(0, at).trim();
    if (at < 1 || !isPairName(name)) return null;
    return { name, value: line.slice(at + 1).trim() };
  });
  const found = pairs.filter((pair) => pair !== null);
  return found.length === 0 || found.length < pairs.length ? null : found;
}

export function isPairName(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

export function pairsOf(map: Readonly<Record<string, string>>): readonly Pair[] {
  return Object.entries(map).map(([name, value]) => ({ name, value }));
}
