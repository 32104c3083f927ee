import { describe, expect, it } from 'vitest';
import { APP_PAGE_URL, isAppUrl } from '../../src/desktop/app-origin.ts';

describe('the address of our own page', () => {
  it.each([APP_PAGE_URL, 'app://throughline/', 'app://throughline/assets/x.js?y#z'])('%s is ours', (address) => {
    expect(isAppUrl(address)).toBe(true);
  });

  it.each([
    'app://throughline.evil.example/',
    'app://evil.example/throughline/',
    'app://throughline:8080/',
    'app://someone@throughline/',
    'app://:secret@throughline/',
    'http://throughline/',
    'file:///index.html',
    'about:blank',
    'null',
    '',
  ])('%s is not ours', (address) => {
    expect(isAppUrl(address)).toBe(false);
  });
});
