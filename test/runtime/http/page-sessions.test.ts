import { describe, expect, it } from 'vitest';
import { CODE_LIFE_MS, createPageSessions } from '../../../src/runtime/http/page-sessions.ts';

function sessionsAt(clock: { now: number }, limits: { maxCodes?: number; maxTokens?: number } = {}) {
  return createPageSessions({ now: () => clock.now, ...limits });
}

const viewer = { canManage: false };
const manager = { canManage: true };

describe('one-time codes', () => {
  it('S27: a code gives a token once', () => {
    const sessions = sessionsAt({ now: 0 });
    const code = sessions.issueCode(viewer);
    expect(sessions.redeemCode(code)).toEqual(expect.any(String));
    expect(sessions.redeemCode(code)).toBeNull();
  });

  it('S27: a code lives 60 seconds and not a millisecond longer', () => {
    const clock = { now: 0 };
    const sessions = sessionsAt(clock);
    const [early, late] = [sessions.issueCode(viewer), sessions.issueCode(viewer)];
    clock.now = CODE_LIFE_MS - 1;
    expect(sessions.redeemCode(early)).not.toBeNull();
    clock.now = 60_000;
    expect(sessions.redeemCode(late)).toBeNull();
  });

  it('S6: codes and tokens are 256 random bits that are fit for an address, each another', () => {
    const sessions = sessionsAt({ now: 0 }, { maxCodes: 200, maxTokens: 200 });
    const codes = Array.from({ length: 100 }, () => sessions.issueCode(viewer));
    const secrets = [...codes, ...codes.map((code) => sessions.redeemCode(code) ?? '')];
    expect(new Set(secrets).size).toBe(200);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('forgets the oldest code when there are too many', () => {
    const sessions = sessionsAt({ now: 0 }, { maxCodes: 2 });
    const [first, second, third] = [viewer, viewer, viewer].map((rights) => sessions.issueCode(rights));
    expect(sessions.redeemCode(first ?? '')).toBeNull();
    expect(sessions.redeemCode(second ?? '')).not.toBeNull();
    expect(sessions.redeemCode(third ?? '')).not.toBeNull();
  });

  it('knows no code that it did not issue, and no token as a code', () => {
    const sessions = sessionsAt({ now: 0 });
    const token = sessions.redeemCode(sessions.issueCode(viewer)) ?? '';
    expect(sessions.redeemCode('')).toBeNull();
    expect(sessions.redeemCode('__proto__')).toBeNull();
    expect(sessions.redeemCode(token)).toBeNull();
  });
});

describe('page tokens', () => {
  it('S5: carry the rights their code was issued with', () => {
    const sessions = sessionsAt({ now: 0 });
    const viewing = sessions.redeemCode(sessions.issueCode(viewer)) ?? '';
    const managing = sessions.redeemCode(sessions.issueCode(manager)) ?? '';
    expect(sessions.rightsOf(viewing)).toEqual({ canManage: false });
    expect(sessions.rightsOf(managing)).toEqual({ canManage: true });
    expect(sessions.rightsOf('other')).toBeNull();
  });

  it('outlive their code, so that a page can be reloaded', () => {
    const clock = { now: 0 };
    const sessions = sessionsAt(clock);
    const token = sessions.redeemCode(sessions.issueCode(viewer)) ?? '';
    clock.now = 24 * 60 * 60 * 1_000;
    expect(sessions.rightsOf(token)).not.toBeNull();
  });

  it('make room for new ones, the longest unused first', () => {
    const sessions = sessionsAt({ now: 0 }, { maxTokens: 2 });
    const redeem = (): string => sessions.redeemCode(sessions.issueCode(viewer)) ?? '';
    const [first, second] = [redeem(), redeem()];
    sessions.rightsOf(first);
    const third = redeem();
    expect(sessions.rightsOf(second)).toBeNull();
    expect(sessions.rightsOf(first)).not.toBeNull();
    expect(sessions.rightsOf(third)).not.toBeNull();
  });
});
