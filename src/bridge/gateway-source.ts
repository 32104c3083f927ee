import type { Result } from '../shared/kernel/result.ts';

/** A gateway that runs, and what it takes to speak to it. */
export interface GatewayAddress {
  /** For example `http://127.0.0.1:4820`. */
  readonly origin: string;
  readonly token: string;
  /** It is the one of the user's own app, in whose place another of the same kind can be started. */
  readonly isOwn: boolean;
}

/** Where the bridge gets its gateway from. */
export interface GatewaySource {
  /** The best gateway that answers now, or a sentence for the user on why there is none. */
  find(): Promise<Result<GatewayAddress, string>>;
  /** Starts one and resolves when `find` finds it; rejects with a UserError. Null where none is to be started. */
  readonly start: (() => Promise<void>) | null;
}
