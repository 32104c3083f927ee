import type { RuntimeServices } from '../services.ts';
import type { Implementers } from './context.ts';

/** Only a page that may manage reaches what adds, starts or stops a server (S5); nothing starts unconfirmed (S14). */
export function serverOperations(
  { servers }: Pick<RuntimeServices, 'servers'>,
  { everyPage, managingPage }: Implementers,
) {
  return {
    watch: everyPage.servers.watch.handler(({ input, signal }) => servers.watch(input.cursor, input.waitMs, signal)),
    propose: managingPage.servers.propose.handler(({ input }) => servers.propose(input.id, input.config)),
    confirm: managingPage.servers.confirm.handler(async ({ input }) => {
      await servers.confirm(input.proposalId);
      return null;
    }),
    restart: managingPage.servers.restart.handler(async ({ input }) => {
      await servers.restart(input.id);
      return null;
    }),
    stop: managingPage.servers.stop.handler(async ({ input }) => {
      await servers.stopServer(input.id);
      return null;
    }),
    log: everyPage.servers.log.handler(({ input, signal }) =>
      servers.log(input.id, input.cursor, input.waitMs, signal),
    ),
    remove: managingPage.servers.remove.handler(async ({ input }) => {
      await servers.remove(input.id);
      return null;
    }),
  };
}
