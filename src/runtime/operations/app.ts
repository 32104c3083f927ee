import type { RuntimeServices } from '../services.ts';
import type { Implementers } from './context.ts';

export function appOperations(services: Pick<RuntimeServices, 'appInfo'>, { everyPage }: Implementers) {
  return {
    info: everyPage.app.info.handler(({ context }) => services.appInfo(context.canManage)),
  };
}
