import { describe, expect, it } from 'vitest';
import { whyNoWindow } from '../../../scripts/start/display.mjs';

const PERSON = 1000;
const ROOT = 0;

describe('whether a window can be opened', () => {
  it.each([{ DISPLAY: ':0' }, { WAYLAND_DISPLAY: 'wayland-0' }])('with %j it can', (environment) => {
    expect(whyNoWindow({ platform: 'linux', environment, userId: PERSON })).toBeNull();
  });

  it('not without a display', () => {
    expect(whyNoWindow({ platform: 'linux', environment: { DISPLAY: '' }, userId: PERSON })).toBe(
      'there is no display',
    );
  });

  it('not as root, where browsers run only without their sandbox', () => {
    const machine = { platform: 'linux', environment: { DISPLAY: ':0' }, userId: ROOT } as const;
    expect(whyNoWindow(machine)).toBe('windows are not opened as root');
  });

  it.each(['darwin', 'win32'] as const)('always on %s', (platform) => {
    expect(whyNoWindow({ platform, environment: {}, userId: null })).toBeNull();
  });
});
