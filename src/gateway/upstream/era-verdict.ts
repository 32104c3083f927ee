import type { Stop } from '../../shared/kernel/listeners.ts';

/** `modern`: each request says by itself who asks (since MCP 2026-07-28). `legacy`: handshake and sessions. */
export type ServerEra = 'modern' | 'legacy';

/**
 * What is known of the era of one server. It is found out at the first opening, by one; who comes meanwhile waits for it,
 * so that a server is not asked once for each client. It holds for every process of the same command, and every connection
 * to the same address.
 */
export interface EraVerdict {
  /** Null until it was found out. */
  readonly era: ServerEra | null;
  learn(era: ServerEra): void;
  /** The server may be another one now. */
  forget(): void;
  /** Resolves when whoever is finding out has done so, or could not; null when nobody is. */
  readonly pending: Promise<void> | null;
  /** Somebody is finding out, until what is returned is called. */
  finding(): Stop;
}

export function createEraVerdict(): EraVerdict {
  let era: ServerEra | null = null;
  let finding: PromiseWithResolvers<void> | null = null;
  return {
    get era() {
      return era;
    },
    learn(found) {
      era = found;
    },
    forget() {
      era = null;
    },
    get pending() {
      return finding?.promise ?? null;
    },
    finding() {
      const mine: PromiseWithResolvers<void> = Promise.withResolvers();
      finding ??= mine;
      return () => {
        mine.resolve();
        if (finding === mine) finding = null;
      };
    },
  };
}
