import type { App } from 'electron';

/**
 * True when this is the only instance: two gateways would fight over one port and one config. A second one ends at once
 * and makes the first show itself.
 */
export function setupSingleInstance(
  app: Pick<App, 'requestSingleInstanceLock' | 'quit' | 'on'>,
  showWindow: () => void,
): boolean {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.on('second-instance', showWindow);
  return true;
}
