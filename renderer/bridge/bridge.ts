import type { ContractRouterClient } from '@orpc/contract';
import type { StoreApi } from 'zustand/vanilla';
import type { Contract } from '../../src/shared/contract/contract.ts';

/** Every operation of the host, typed by the contract. */
export type Api = ContractRouterClient<Contract>;

export type BridgeStatus =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'ready' }
  /** The host does not answer since `since`; the next try is at `retryAt` (both milliseconds since 1970). */
  | { readonly phase: 'lost'; readonly since: number; readonly retryAt: number }
  /** The host will not have this page; trying again is no use. */
  | { readonly phase: 'refused'; readonly reason: RefusalReason };

export type RefusalReason = 'no-code' | 'code-spent' | 'token-unknown';

/** The one door from the page to its host. */
export interface Bridge {
  /** Calls reject with what `describeFailure` understands. */
  readonly api: Api;
  readonly status: StoreApi<BridgeStatus>;
  /** Tries at once instead of at `retryAt`. */
  retryNow(): void;
  /** Idempotent. */
  close(): void;
}
