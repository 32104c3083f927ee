/**
 * What the page may load: its own files and nothing else. It talks to its host through a MessagePort, so it needs no
 * connection at all. Inline styles are allowed because positions of virtualised rows are set that way; inline scripts
 * are not (S7).
 */
export function contentSecurityPolicy(): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
