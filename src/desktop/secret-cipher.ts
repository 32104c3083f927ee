import type { SafeStorage } from 'electron';
import type { SecretProtection } from '../runtime/app-home.ts';

/** With a key that is written in Electron's own source, or before it is known what there is. */
const WORTHLESS_BACKENDS = ['basic_text', 'unknown'];

/**
 * Encryption with a key that the system keeps for this user: Keychain, DPAPI, or a Linux secret service (S13). Where
 * there is none, or only one that hides nothing, no cipher and a sentence that says so. Call it once the app is ready.
 */
export async function systemProtection(
  safeStorage: SafeStorage,
  platform: NodeJS.Platform = process.platform,
): Promise<SecretProtection> {
  const missing = await missingProtection(safeStorage, platform);
  if (missing !== null) {
    return {
      cipher: null,
      warning: `Secrets that you enter are kept in a file that only you can read, but NOT encrypted: ${missing}`,
    };
  }
  return {
    cipher: {
      seal: (text) => safeStorage.encryptStringAsync(text),
      async open(sealed) {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(sealed));
        return { text: result, isStale: shouldReEncrypt };
      },
    },
    warning: null,
  };
}

/** What is missing and what to do; null when there is protection. */
async function missingProtection(safeStorage: SafeStorage, platform: NodeJS.Platform): Promise<string | null> {
  // Asked only where Electron has it.
  const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : null;
  if (backend !== null && WORTHLESS_BACKENDS.includes(backend)) {
    return `this desktop has no keyring (${backend}). Install and unlock one, such as GNOME Keyring or KWallet, and start again.`;
  }
  const isAvailable = await safeStorage.isAsyncEncryptionAvailable();
  return isAvailable ? null : "the system's keychain is not available. Unlock it and start again.";
}
