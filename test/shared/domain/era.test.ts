import { describe, expect, it } from 'vitest';
import { MODERN_VERSIONS } from '../../../src/gateway/era/envelope.ts';
import { LATEST_PROTOCOL_VERSION, PROTOCOL_VERSIONS } from '../../../src/gateway/upstream/handshake.ts';
import { eraOf, LAST_LEGACY_VERSION } from '../../../src/shared/domain/era.ts';

describe('the era of a protocol version', () => {
  it.each(PROTOCOL_VERSIONS)('%s has a handshake', (version) => {
    expect(eraOf(version)).toBe('legacy');
  });

  it.each([...MODERN_VERSIONS, '2025-11-26', '2031-01-01'])('%s has none', (version) => {
    expect(eraOf(version)).toBe('modern');
  });

  it.each(['', '2026', '2026-7-28', '2026-07-28-draft', 'draft', '1.0', '9999'])('"%s" is no version', (version) => {
    expect(eraOf(version)).toBeNull();
  });

  it('changes after the newest version with a handshake that the gateway speaks', () => {
    expect(LAST_LEGACY_VERSION).toBe(LATEST_PROTOCOL_VERSION);
  });
});
