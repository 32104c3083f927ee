import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/** 256 random bits as text that is safe in addresses and headers (S6), and after an option of a command line. */
export function newSecret(): string {
  return secretFrom(() => randomBytes(SECRET_BYTES));
}

/** Text that begins with a dash would be taken for an option where it is given to one; such bits are thrown away. */
export function secretFrom(draw: () => Buffer): string {
  for (;;) {
    const text = draw().toString('base64url');
    if (!text.startsWith('-')) return text;
  }
}

export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares two secrets in a time that depends on neither their content nor their length. */
export function secretsEqual(left: string, right: string): boolean {
  return timingSafeEqual(digestOf(left), digestOf(right));
}
