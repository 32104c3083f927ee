import { isObject } from './frame.ts';

/** Whether two values, as `JSON.parse` gives them, are written alike but for spaces: members in one order, too. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && hasSameItems(a, b);
  if (!isObject(a) || !isObject(b)) return a === b;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return hasSameItems(keys, others) && keys.every((key) => isSameJson(a[key], b[key]));
}

function hasSameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => isSameJson(item, b[index]));
}
