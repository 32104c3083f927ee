import type { RuntimeServices } from '../services.ts';
import type { Implementers } from './context.ts';

/**
 * Every page may see where traces are sent, and what would leave. Only one that may manage changes that, or has this
 * gateway call an address: it would otherwise reach whatever this machine does.
 */
export function forwardingOperations(
  { forwarding }: Pick<RuntimeServices, 'forwarding'>,
  { everyPage, managingPage }: Implementers,
) {
  return {
    watch: everyPage.forwarding.watch.handler(({ input, signal }) =>
      forwarding.watch(input.cursor, input.waitMs, signal),
    ),
    save: managingPage.forwarding.save.handler(async ({ input }) => {
      await forwarding.save(input.name, input.formerName, input.endpoint);
      return null;
    }),
    remove: managingPage.forwarding.remove.handler(async ({ input }) => {
      await forwarding.remove(input.name);
      return null;
    }),
    preview: everyPage.forwarding.preview.handler(({ input }) => forwarding.preview(input.name, input.endpoint)),
    try: managingPage.forwarding.try.handler(({ input }) => forwarding.try(input.name, input.endpoint)),
  };
}
