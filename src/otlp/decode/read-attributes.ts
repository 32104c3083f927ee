import type { Attributes, AttributeValue } from '../../shared/domain/span.ts';
import { toAttributeValue } from './wire-value.ts';
import type { WireValue } from './wire-value.ts';

/**
 * Most attributes of one span, event, link or resource, events and links of one span, and items in the lists and maps of
 * one attribute: a body of a few bytes an item must not become gigabytes of objects.
 */
export const MAX_ITEMS = 10_000;

/** The first `MAX_ITEMS` and how many there were beyond. */
export interface BoundedList<T> {
  readonly items: T[];
  cut: number;
}

export function createBoundedList<T>(): BoundedList<T> {
  return { items: [], cut: 0 };
}

export function boundedList<From, To>(all: readonly From[], read: (item: From) => To): BoundedList<To> {
  return { items: all.slice(0, MAX_ITEMS).map(read), cut: Math.max(0, all.length - MAX_ITEMS) };
}

export interface ReadAttributes {
  readonly values: Attributes;
  /** How many there were beyond `MAX_ITEMS`. */
  readonly cut: number;
}

export interface AttributeBuilder {
  /** Of attributes with one key the last one counts. */
  set(key: string, value: WireValue): void;
  /** Counts one that is not kept. */
  drop(): void;
  /** True when further ones are to be dropped. */
  isFull(): boolean;
  built(): ReadAttributes;
}

export function createAttributeBuilder(): AttributeBuilder {
  const values: Record<string, AttributeValue> = {};
  let count = 0;
  let cut = 0;
  return {
    set(key, value) {
      count += 1;
      setOwn(values, key, toAttributeValue(value));
    },
    drop() {
      cut += 1;
    },
    isFull: () => count >= MAX_ITEMS,
    built: () => ({ values, cut }),
  };
}

/** Keys come from outside: assigning `__proto__` would change what the object inherits instead of naming a value. */
function setOwn(values: Record<string, AttributeValue>, key: string, value: AttributeValue): void {
  if (key === '__proto__')
    Object.defineProperty(values, key, { value, writable: true, enumerable: true, configurable: true });
  else values[key] = value;
}
