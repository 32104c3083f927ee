import type { ServerId } from '../../shared/domain/ids.ts';
import type { ClientSession } from '../session/client-session.ts';

/** Who was given a list without a server that could not be asked just then: to be told when it can. */
export class LeftOut {
  readonly #servers = new WeakMap<ClientSession, Set<ServerId>>();

  add(session: ClientSession, serverId: ServerId): void {
    const ids = this.#servers.get(session) ?? new Set<ServerId>();
    ids.add(serverId);
    this.#servers.set(session, ids);
  }

  /** True once after an `add`. */
  take(session: ClientSession, serverId: ServerId): boolean {
    return this.#servers.get(session)?.delete(serverId) === true;
  }
}
