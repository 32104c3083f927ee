import type { RuntimeServices } from '../services.ts';
import type { Implementers } from './context.ts';

/** Every page may see what is set; only one that may manage changes it. */
export function settingsOperations(
  { settings }: Pick<RuntimeServices, 'settings'>,
  { everyPage, managingPage }: Implementers,
) {
  return {
    watch: everyPage.settings.watch.handler(({ input, signal }) => settings.watch(input.cursor, input.waitMs, signal)),
    save: managingPage.settings.save.handler(async ({ input }) => {
      await settings.save(input);
      return null;
    }),
  };
}
