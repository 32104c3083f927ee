import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const AA_TEXT = 4.5;
const AA_GRAPHIC = 3;

const css = readFileSync(new URL('../../../renderer/ui/tokens.css', import.meta.url), 'utf8');

/** The colour tokens of one theme. */
function tokensOf(selector: string): ReadonlyMap<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('}', start));
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const channel = (from: number): number => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(left: string, right: string): number {
  const [bright = 0, dark = 0] = [luminance(left), luminance(right)].sort((a, b) => b - a);
  return (bright + 0.05) / (dark + 0.05);
}

const GROUNDS = ['page', 'chrome', 'raised', 'sunken', 'hover', 'selected'];
const TEXT_ON_GROUNDS = ['ink', 'ink-2', 'ink-3', 'accent', 'error', 'warn', 'mask', 'wait', 'ok'];
const TEXT_ON_ITS_OWN: readonly (readonly [string, string])[] = [
  ['accent-ink', 'accent'],
  ['accent', 'accent-soft'],
  ['ink', 'error-soft'],
  ['error', 'error-soft'],
  ['ink', 'warn-soft'],
  ['warn', 'warn-soft'],
  ['mask', 'mask-soft'],
  ['ink', 'wait-soft'],
  ['ink-3', 'error-soft'],
  ['ink-2', 'warn-soft'],
  ['ink-3', 'warn-soft'],
  ['json-string', 'page'],
  ['json-number', 'page'],
];

describe.each([
  ['light', ':root'],
  ['dark', "[data-theme='dark']"],
])('colours of the %s theme', (_, selector) => {
  const tokens = tokensOf(selector);
  const ratio = (front: string, back: string): number => contrast(tokens.get(front) ?? '', tokens.get(back) ?? '');

  it('make every text readable on every ground it stands on', () => {
    const pairs = [
      ...TEXT_ON_GROUNDS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
      ...TEXT_ON_ITS_OWN,
    ];
    const faint = pairs.filter(([text, ground]) => !(ratio(text, ground) >= AA_TEXT));
    expect(faint.map(([text, ground]) => `${text} on ${ground}: ${ratio(text, ground).toFixed(2)}`)).toEqual([]);
  });

  it('make every bar visible on the page, on a chosen row and where somebody is waited for', () => {
    const hues = [...tokens.keys()].filter((name) => name.startsWith('hue-') || name === 'wait');
    expect(hues).toHaveLength(12);
    const grounds = ['page', 'selected', 'wait-soft'];
    const faint = hues.filter((hue) => grounds.some((ground) => !(ratio(hue, ground) >= AA_GRAPHIC)));
    expect(
      faint.map((hue) => `${hue}: ${ratio(hue, 'page').toFixed(2)}, ${ratio(hue, 'selected').toFixed(2)}`),
    ).toEqual([]);
  });
});
