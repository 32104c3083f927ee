import { describe, expect, it } from 'vitest';
import { isOwnAddress } from '../../../src/runtime/forwarding/own-address.ts';

const OWN = 'http://127.0.0.1:4820';

describe('the address of this gateway', () => {
  it.each([
    'http://127.0.0.1:4820',
    'http://127.0.0.1:4820/v1/traces',
    'http://localhost:4820/v1/traces',
    'http://LOCALHOST:4820',
    'http://localhost.:4820',
    'http://app.localhost:4820',
    'http://[::1]:4820',
    'http://[::ffff:127.0.0.1]:4820',
    'http://0.0.0.0:4820',
    'http://127.1.2.3:4820',
    'http://2130706433:4820',
    'https://localhost:4820',
  ])('R84: %s is known, so that what is sent does not come back', (address) => {
    expect(isOwnAddress(address, OWN)).toBe(true);
  });

  it.each([
    'http://127.0.0.1:4318',
    'http://localhost',
    'https://example.org:4820',
    'http://10.0.0.1:4820',
    'http://[2001:db8::1]:4820',
    'http://localhost.example.org:4820',
  ])('%s is somebody else', (address) => {
    expect(isOwnAddress(address, OWN)).toBe(false);
  });
});
