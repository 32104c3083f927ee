import { createHmac, createSecretKey } from 'node:crypto';

const HEX_DIGITS = 16;

/** A keyed hash, cut to 64 bits: the same secret has the same one, and nobody finds the secret by trying. */
export function createSecretHash(key: Uint8Array): (secret: string) => string {
  const keyObject = createSecretKey(key);
  return (secret) => createHmac('sha256', keyObject).update(secret).digest('hex').slice(0, HEX_DIGITS);
}
