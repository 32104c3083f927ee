import type { RefusalReason } from './bridge.ts';
import type { Api } from './bridge.ts';

/** One open line to the host. */
export interface Connection {
  readonly api: Api;
  /** Resolves when the line is gone, whoever closed it. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Opens a line. Rejects with `RefusedError` when trying again is no use, with anything else when it may be. */
export type OpenConnection = (signal: AbortSignal) => Promise<Connection>;

export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(`The gateway refused this page: ${reason}.`);
    this.reason = reason;
  }
}
