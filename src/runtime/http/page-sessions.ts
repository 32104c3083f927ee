import { digestOf, newSecret } from './secrets.ts';

/** What a page was let in to do. */
export interface PageRights {
  /** May add, change, start and remove servers, play the demo and clear traces (S5). */
  readonly canManage: boolean;
}

/**
 * How a page proves that it was opened by the person at this machine: a one-time code in the address it is opened with
 * is exchanged for a token of that page. Neither is the gateway's token (S27).
 */
export interface PageSessions {
  /** A code to be used once within its life. The oldest unused one goes when there are too many. */
  issueCode(rights: PageRights): string;
  /** The page's token, or null when the code is unknown, used or too old. */
  redeemCode(code: string): string | null;
  /** What the page with this token may do, or null when there is no such page. */
  rightsOf(token: string): PageRights | null;
}

export interface PageSessionsOptions {
  /** Milliseconds; any clock that only moves forward will do. */
  readonly now: () => number;
  readonly codeLifeMs?: number;
  readonly maxCodes?: number;
  readonly maxTokens?: number;
}

export const CODE_LIFE_MS = 60_000;
const MAX_CODES = 16;
const MAX_TOKENS = 64;

export function createPageSessions(options: PageSessionsOptions): PageSessions {
  const codeLifeMs = options.codeLifeMs ?? CODE_LIFE_MS;
  // Keyed by digest: a look-up's time then tells nothing about a secret. Insertion order is age.
  const codes = new Map<string, { readonly rights: PageRights; readonly expires: number }>();
  const tokens = new Map<string, PageRights>();

  return {
    issueCode(rights) {
      const code = newSecret();
      insertBounded(codes, code, { rights, expires: options.now() + codeLifeMs }, options.maxCodes ?? MAX_CODES);
      return code;
    },
    redeemCode(code) {
      const key = keyOf(code);
      const entry = codes.get(key);
      codes.delete(key);
      if (entry === undefined || options.now() >= entry.expires) return null;
      const token = newSecret();
      insertBounded(tokens, token, entry.rights, options.maxTokens ?? MAX_TOKENS);
      return token;
    },
    rightsOf(token) {
      const key = keyOf(token);
      const rights = tokens.get(key);
      if (rights === undefined) return null;
      // Used again, so the last to make room for others.
      tokens.delete(key);
      tokens.set(key, rights);
      return rights;
    },
  };
}

function insertBounded<T>(map: Map<string, T>, secret: string, value: T, max: number): void {
  map.set(keyOf(secret), value);
  for (const key of map.keys()) {
    if (map.size <= max) return;
    map.delete(key);
  }
}

function keyOf(secret: string): string {
  return digestOf(secret).toString('base64');
}
