/**
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {Readonly<Record<string, string | undefined>>} environment
 * @property {number | null} userId null where there are no user ids
 */

/** @returns {Machine} */
export function thisMachine() {
  return { platform: process.platform, environment: process.env, userId: process.getuid?.() ?? null };
}

/**
 * Why no window can be opened here, or null when one can. Browsers and Electron run as root only without their sandbox,
 * which is never switched off for a user.
 * @param {Machine} machine
 * @returns {string | null}
 */
export function whyNoWindow({ platform, environment, userId }) {
  if (platform !== 'linux') return null;
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return 'there is no display';
  return userId === 0 ? 'windows are not opened as root' : null;
}
