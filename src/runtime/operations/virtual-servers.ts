import type { RuntimeServices } from '../services.ts';
import type { Implementers } from './context.ts';

/** A virtual server starts nothing, but it changes what clients reach: only a page that may manage makes one (S5). */
export function virtualServerOperations(
  { virtualServers }: Pick<RuntimeServices, 'virtualServers'>,
  { managingPage }: Implementers,
) {
  return {
    save: managingPage.virtualServers.save.handler(async ({ input }) => {
      const members = new Map(input.members.map(({ serverId, ...member }) => [serverId, member]));
      await virtualServers.save(input.id, { description: input.description, members });
      return null;
    }),
    remove: managingPage.virtualServers.remove.handler(async ({ input }) => {
      await virtualServers.remove(input.id);
      return null;
    }),
  };
}
