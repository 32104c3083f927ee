import type { HeldCall } from './held-call.ts';
import { WaitingRoom } from './waiting-room.ts';

/** Calls that wait for their client to come back with a reply. */
export class HeldCalls {
  readonly #waiting: WaitingRoom<HeldCall>;

  constructor() {
    this.#waiting = new WaitingRoom<HeldCall>({
      onGone: (call) => {
        call.abort();
      },
    });
  }

  add(call: HeldCall): void {
    this.#waiting.add(call.id, call);
  }

  /** The call of this id, while `isMeant` says it is the one: it is held no more then. */
  take(id: string, isMeant: (call: HeldCall) => boolean): HeldCall | null {
    const call = this.#waiting.get(id);
    return call !== null && isMeant(call) ? this.#waiting.take(id) : null;
  }

  stop(): void {
    this.#waiting.stop();
  }
}
