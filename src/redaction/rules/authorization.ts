/** Schemes that may stay readable in front of the mask. What no list knows is hidden whole. */
const SCHEME =
  /^\s*(?:Bearer|Basic|Token|ApiKey|Api-Key|Digest|Negotiate|NTLM|Kerberos|DPoP|HOBA|Mutual|GNAP|OAuth|Hawk|Signature|SCRAM-SHA-1|SCRAM-SHA-256|PrivateToken|AWS4-HMAC-SHA256|SharedKey|GoogleLogin)\s+(?=\S)/i;

/** Where the credentials of an Authorization value begin: after the scheme, or at 0 (RFC 9110, section 11.4). */
export function credentialsStart(value: string): number {
  return SCHEME.exec(value)?.[0].length ?? 0;
}
