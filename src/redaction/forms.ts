import type { RedactionAction } from '../shared/domain/redaction.ts';

/** Stands where a hidden value was. Needs no escaping in JSON, so that a masked JSON text stays JSON. */
export const MASK = '•••';

const HASH_DIGITS = 8;
const LAST_CHARACTERS = 4;

/** Of shorter values the last characters would give too much away. */
const SHORTEST_PARTIAL = 12;

/** What can be shown of a value without being read as anything else where it stands. */
const SHOWABLE = /^[A-Za-z0-9_-]{4}$/;

/** `hash`: of the keyed hash, at least eight hexadecimal digits. */
export function replacementFor(action: RedactionAction, secret: string, hash: () => string): string {
  switch (action) {
    case 'mask':
      return MASK;
    case 'partial': {
      const last = secret.slice(-LAST_CHARACTERS);
      return secret.length >= SHORTEST_PARTIAL && SHOWABLE.test(last) ? MASK + last : MASK;
    }
    case 'hash':
      return `${MASK}#${hash().slice(0, HASH_DIGITS)}`;
    case 'drop':
      return '';
  }
}

/** The replacements, and the marks of a text that was cut. */
const MASKS = /•••(?:#[0-9a-f]{8}|[A-Za-z0-9_-]{4})?|… \[cut: \d+ bytes\]/g;

/** Whether nothing but masks stands here, so that redacting twice changes nothing. */
export function isMasked(value: string): boolean {
  if (value === MASK) return true;
  if (!value.startsWith(MASK) && !value.startsWith('…')) return false;
  return !/[\p{L}\p{N}]/u.test(value.replace(MASKS, ''));
}

/** By which action a mask of this width came about; null for what is none. */
export function actionOfWidth(width: number): RedactionAction | null {
  switch (width) {
    case 0:
      return 'drop';
    case MASK.length:
      return 'mask';
    case MASK.length + LAST_CHARACTERS:
      return 'partial';
    case MASK.length + 1 + HASH_DIGITS:
      return 'hash';
    default:
      return null;
  }
}
