const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** How often to look whether npm is still there, in milliseconds. */
const LOOK_EVERY_MS = 500;

/**
 * Resolves at the first request to end. From the call on these signals no longer end this process by themselves.
 *
 * Killing npm is such a request too: npm runs its scripts through a shell, which dies of the signal without handing it
 * on, so all that this process gets to see is another parent.
 */
export function whenAskedToStop() {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, resolve);
    if (process.env.npm_lifecycle_event === undefined) return;
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve(undefined);
    }, LOOK_EVERY_MS);
    timer.unref();
  });
}
