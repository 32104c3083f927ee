import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/** 256 random bits as text that is safe in addresses and headers (S6). */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares two secrets in a time that depends on neither their content nor their length. */
export function secretsEqual(left: string, right: string): boolean {
  return timingSafeEqual(digestOf(left), digestOf(right));
}
