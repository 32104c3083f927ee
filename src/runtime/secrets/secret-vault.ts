import type { SecretStorage } from '../../shared/contract/messages.ts';
import type { SecretKey } from './secret-reference.ts';

/** Keeps secrets apart from the configuration, which only refers to them (S13). */
export interface SecretVault {
  readonly storage: SecretStorage;
  /** `unreadable`: it is kept, encrypted with a key that is not at hand. */
  get(key: SecretKey): { readonly value: string } | 'missing' | 'unreadable';
  keys(): readonly SecretKey[];
  /** Keeps and forgets, all of it or (when it rejects) nothing. Calls must not overlap. */
  change(change: SecretChange): Promise<void>;
}

export interface SecretChange {
  readonly put?: ReadonlyMap<SecretKey, string>;
  readonly remove?: readonly SecretKey[];
}

/** Encrypts with a key that the system keeps for this user. The host gives it, where the system has such a place. */
export interface SecretCipher {
  seal(text: string): Promise<Uint8Array>;
  /** Rejects when the key is not the one it was sealed with. */
  open(sealed: Uint8Array): Promise<OpenedSecret>;
}

export interface OpenedSecret {
  readonly text: string;
  /** The system has a newer key: seal it again. */
  readonly isStale: boolean;
}
