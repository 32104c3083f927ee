import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDoors, TOKEN, type DoorsUnderTest } from '../../support/headless-doors.ts';

let doors: DoorsUnderTest;

beforeEach(async () => {
  doors = await startDoors();
});
afterEach(() => doors.stop());

function freshCode(): string {
  return new URL(doors.createUiUrl(false)).hash.replace('#code=', '');
}

function redeem(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${doors.origin}/api/page-token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: doors.origin, ...headers },
    body,
  });
}

describe('POST /api/page-token', () => {
  it("S27: exchanges a code once for a token that is not the gateway's", async () => {
    const body = JSON.stringify({ code: freshCode() });
    const first = await redeem(body);
    expect(first.status).toBe(200);
    expect(first.headers.get('cache-control')).toBe('no-store');
    const { token } = (await first.json()) as { token: string };
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(token).not.toBe(TOKEN);
    const second = await redeem(body);
    expect(second.status).toBe(403);
    expect(await second.text()).toContain('throughline open');
  });

  it("S4: a page token is not accepted in place of the gateway's", async () => {
    const { token } = (await (await redeem(JSON.stringify({ code: freshCode() }))).json()) as { token: string };
    const response = await fetch(`${doors.origin}/api/traces`, { headers: { Authorization: `Bearer ${token}` } });
    expect(response.status).toBe(401);
  });

  it('S3: refuses a request without our Origin and leaves the code unused', async () => {
    const body = JSON.stringify({ code: freshCode() });
    const without = await fetch(`${doors.origin}/api/page-token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    expect(without.status).toBe(403);
    for (const Origin of ['null', 'http://evil.test']) expect((await redeem(body, { Origin })).status).toBe(403);
    expect((await redeem(body)).status).toBe(200);
  });

  it.each([
    ['{"code":"unknown"}', 403],
    ['{"code":""}', 400],
    ['{"code":1}', 400],
    ['{}', 400],
    ['null', 400],
    ['{"code":"x","more":1}', 400],
    ['{', 400],
    ['', 400],
    [JSON.stringify({ code: 'x'.repeat(2_000) }), 413],
  ])('answers %s with %d', async (body, status) => {
    expect((await redeem(body)).status).toBe(status);
  });

  it('takes JSON only, since a form could be posted from elsewhere', async () => {
    const body = JSON.stringify({ code: freshCode() });
    expect((await redeem(body, { 'Content-Type': 'text/plain' })).status).toBe(415);
    expect((await redeem(body, { 'Content-Type': 'application/json; charset=utf-8' })).status).toBe(200);
  });
});
