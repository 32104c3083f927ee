import { addHit } from '../hits.ts';
import type { Hit } from '../hits.ts';
import { isSpaceOrTab } from './characters.ts';
import type { Gap, TextRule } from './rule.ts';

/** `Bearer x` and `Basic x` in a text, without a label in front. */
export const findAuthSchemes: TextRule = (text, { gaps }, hits) => {
  for (const gap of gaps) findInGap(text, gap, hits);
};

function findInGap(text: string, { from, to }: Gap, hits: Hit[]): void {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (!isSpaceOrTab(code)) continue;
    const scheme = schemeBefore(text, from, at);
    if (scheme === undefined) continue;
    let start = at + 1;
    while (start < to && isSpaceOrTab(text.charCodeAt(start))) start += 1;
    let end = start;
    while (end < to && isCredentialCode(text.charCodeAt(end))) end += 1;
    if (looksLikeCredentials(scheme, text.slice(start, end)))
      addHit(hits, text, { start, end }, { rule: 'auth-scheme', kind: 'authorization' });
    at = Math.max(at, end - 1);
  }
}

const SCHEMES = ['bearer', 'basic'] as const;

function schemeBefore(text: string, from: number, end: number): string | undefined {
  const last = text.charCodeAt(end - 1) | 32;
  if (last !== 114 && last !== 99) return undefined;
  return SCHEMES.find((scheme) => {
    const start = end - scheme.length;
    if (start < from || text.slice(start, end).toLowerCase() !== scheme) return false;
    return start === from || !/[\w-]/.test(text[start - 1] ?? ' ');
  });
}

/** Anything printable but what closes a sentence's quote or bracket; `|` and `:` occur in real tokens. */
function isCredentialCode(code: number): boolean {
  return (
    code > 32 && code !== 34 && code !== 39 && code !== 44 && code !== 59 && code !== 60 && code !== 62 && code !== 96
  );
}

/** What a server asks for, not what a client answers: `Bearer realm="mcp"` (RFC 9110, section 11.3). */
const CHALLENGE = /^(?:realm|error|error_description|scope|charset|resource_metadata|authorization_uri|max_age)=/i;

const PROSE_WORD = /^[A-Za-z]?[a-z]{0,18}[.!?):]*$/;

function looksLikeCredentials(scheme: string, value: string): boolean {
  if (CHALLENGE.test(value)) return false;
  return scheme === 'basic' ? looksLikeUserAndPassword(value) : value.length > 0 && !PROSE_WORD.test(value);
}

/** "Basic HTML" is prose; `Basic dXNlcjpwdw==` decodes to `user:pw` (RFC 7617). Some clients forget to encode. */
function looksLikeUserAndPassword(value: string): boolean {
  if (value.length > 64 || (value.includes(':') && !value.endsWith(':'))) return true;
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  return decoded.includes(':') && !/[\x00-\x1f\x7f]/.test(decoded);
}
