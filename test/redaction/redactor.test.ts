import { describe, expect, it } from 'vitest';
import { MASK, testRedactor } from './masked.ts';

const redactor = testRedactor();

describe('redacting a value', () => {
  it('gives the value without its secrets and says where they were', () => {
    const { value, findings } = redactor.redact({ a: { password: 'S' }, list: ['token=S'], n: 1 }, { path: '/args' });
    expect(value).toEqual({ a: { password: MASK }, list: [`token=${MASK}`], n: 1 });
    expect(findings.map(({ path }) => path)).toEqual(['/args/a/password', '/args/list/0']);
  });

  it('lets the name of its place decide', () => {
    expect(redactor.redact('S', { path: '/headers/authorization' }).value).toBe(MASK);
    expect(redactor.redact('Bearer S', { path: '/headers/Authorization' }).value).toBe(`Bearer ${MASK}`);
    expect(redactor.redact('S', { path: '/headers/accept' })).toEqual({ value: 'S', findings: [] });
  });

  it('R21: turns what JSON cannot say into markers', () => {
    const circle: unknown[] = [];
    circle.push(circle, 5n);
    expect(redactor.redact(circle, { path: '' }).value).toEqual(['[circular]', '5']);
    expect(redactor.redact(undefined, { path: '' }).value).toBeNull();
  });
});

describe('redacting a line of text', () => {
  it('R27: gives one line without control characters', () => {
    expect(redactor.text('\u001b[31mfailed\u001b[0m\r\npassword: S\nat f')).toBe(`failed ⏎ password: ${MASK} ⏎ at f`);
  });

  it('keeps what is harmless', () => {
    expect(redactor.text('Listening on http://127.0.0.1:4040/mcp')).toBe('Listening on http://127.0.0.1:4040/mcp');
  });

  it('R20: has a bound', () => {
    expect(redactor.text('x'.repeat(1_000_000))).toHaveLength(65_536);
  });
});
