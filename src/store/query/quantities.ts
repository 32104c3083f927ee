import type { Comparator } from './query.ts';

/** A comparison such as `>500ms`, or null when the text is none. `units` maps lower-case unit names to their worth. */
export interface Comparison {
  readonly comparator: Comparator;
  readonly value: number;
}

const COMPARISON = /^(>=|<=|>|<|=)(.*)$/s;
const QUANTITY = /^(\d+(?:\.\d+)?)([a-z]*)$/i;

export const NANOS_PER_UNIT: Readonly<Record<string, number>> = {
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

export const BYTES_PER_UNIT: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };

export const COUNT_UNIT: Readonly<Record<string, number>> = { '': 1 };

export function parseComparison(text: string, units: Readonly<Record<string, number>>): Comparison | null {
  const [, comparator, quantity] = COMPARISON.exec(text) ?? [];
  if (comparator === undefined || quantity === undefined) return null;
  const value = parseQuantity(quantity, units);
  return value === null ? null : { comparator: comparator as Comparator, value };
}

export function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, digits, unit] = QUANTITY.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return null;
  const name = unit.toLowerCase();
  const worth = Object.hasOwn(units, name) ? units[name] : undefined;
  if (worth === undefined) return null;
  const value = Number(digits) * worth;
  return Number.isSafeInteger(Math.round(value)) ? value : null;
}
