import { describe, expect, it } from 'vitest';
import { setupQuit } from '../../src/desktop/quit.ts';
import { createElectronDouble } from '../support/electron-double.ts';

function setup(stop: () => Promise<void>, deadlineMs?: number) {
  const double = createElectronDouble();
  const reports: string[] = [];
  setupQuit(double.electron.app, {
    stop,
    report: (doing, thrown) => {
      reports.push(`${doing}: ${String(thrown)}`);
    },
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  return { double, reports };
}

async function exited(double: ReturnType<typeof setup>['double']): Promise<number> {
  while (double.exitCode() === null) await new Promise((resolve) => setImmediate(resolve));
  return double.exitCode() ?? -1;
}

describe('quitting', () => {
  it('stops the runtime before the app ends', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const { double } = setup(() => promise);
    double.electron.app.quit();
    await new Promise((settle) => setImmediate(settle));
    expect(double.exitCode()).toBeNull();
    resolve(undefined);
    expect(await exited(double)).toBe(0);
  });

  it('stops once, however often it is asked to quit', async () => {
    let stops = 0;
    const { double } = setup(() => {
      stops += 1;
      return Promise.resolve();
    });
    double.electron.app.quit();
    double.electron.app.quit();
    await exited(double);
    expect(stops).toBe(1);
    expect(double.calls.filter((call) => call.startsWith('exit'))).toEqual(['exit 0']);
  });

  it('ends in time when stopping hangs, and says so', async () => {
    const { double, reports } = setup(() => new Promise(() => undefined), 1);
    double.electron.app.quit();
    expect(await exited(double)).toBe(0);
    expect(reports).toEqual(['Stopping: Error: it took too long, so the app ended without waiting']);
  });

  it('ends when stopping fails, and says so', async () => {
    const { double, reports } = setup(() => Promise.reject(new Error('disk full')));
    double.electron.app.quit();
    expect(await exited(double)).toBe(0);
    expect(reports).toEqual(['Stopping: Error: disk full']);
  });
});
