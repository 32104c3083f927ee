import type { App } from 'electron';
import { preventableEvent, strict } from './strict.ts';
import type { World } from './world.ts';
import { mustNotBeReady } from './world.ts';

export function appDouble(world: World, hasLock: boolean): { app: App; becomesReady: () => void } {
  const { promise: whenReady, resolve } = Promise.withResolvers<undefined>();
  const { calls, appEvents } = world;
  const app: App = strict<App>('app', {
    on(event: string, listener: (...args: never[]) => unknown) {
      appEvents.on(event, listener);
      return app;
    },
    setName(name) {
      calls.push(`setName ${name}`);
    },
    setPath(name, path) {
      if (calls.includes('requestSingleInstanceLock')) throw new Error('The lock lives in userData: set it before.');
      calls.push(`setPath ${name} ${path}`);
    },
    enableSandbox() {
      mustNotBeReady(world, 'app.enableSandbox');
      calls.push('enableSandbox');
    },
    requestSingleInstanceLock() {
      calls.push('requestSingleInstanceLock');
      return hasLock;
    },
    whenReady: () => whenReady,
    quit() {
      calls.push('quit');
      const event = preventableEvent({});
      appEvents.emit('before-quit', event);
      if (!event.defaultPrevented) world.exitCode ??= 0;
    },
    exit(code) {
      calls.push(`exit ${String(code ?? 0)}`);
      world.exitCode ??= code ?? 0;
    },
  });
  const becomesReady = (): void => {
    world.ready = true;
    resolve(undefined);
  };
  return { app, becomesReady };
}
