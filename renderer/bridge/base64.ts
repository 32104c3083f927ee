/** More characters than so at a time are too many arguments for one call. */
const CHUNK = 24 * 1024;

/** Bytes as the contract carries them. */
export function base64Of(bytes: Uint8Array): string {
  // The chunk is a multiple of three, so that no piece but the last is filled up.
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK)
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + CHUNK))));
  return parts.join('');
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
