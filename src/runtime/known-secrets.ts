import type { ServerConfig } from '../shared/domain/server.ts';

/** The secrets this gateway was itself given: whatever shape they have, they are hidden wherever they appear (R18). */
export interface KnownSecrets {
  /** Live: what is added later is in it. */
  readonly values: ReadonlySet<string>;
  /** Takes the values of a server's environment and headers. */
  addFrom(config: ServerConfig): void;
  /** Takes the values of headers that are sent to somebody. */
  addHeaders(headers: Readonly<Record<string, string>>): void;
}

const MIN_LENGTH = 8;
const SENSITIVE_NAME = /token|secret|passw|pwd|key|auth|cred|cookie|session|signature|private/i;
const PLAIN_WORD = /^[A-Za-z]+$/;
const NUMBER_OR_BOOLEAN = /^(?:[-+]?\d+(?:\.\d+)?|true|false)$/i;
const PATH = /^(?:[A-Za-z]:)?[/\\~.]/;
const AUTH_SCHEME = /^[A-Za-z][A-Za-z0-9-]*\s+/;

/** A word, a number or a path under a name that announces no secret. */
export function isPlainlyHarmless(name: string, value: string): boolean {
  const looksPlain = PLAIN_WORD.test(value) || NUMBER_OR_BOOLEAN.test(value) || PATH.test(value);
  return value === '' || (looksPlain && !SENSITIVE_NAME.test(name));
}

export function createKnownSecrets(initial: readonly string[]): KnownSecrets {
  const values = new Set(initial.filter((value) => value.length >= MIN_LENGTH));

  function add(name: string, value: string): void {
    // Shorter ones would hide half of every trace.
    if (value.length < MIN_LENGTH || isPlainlyHarmless(name, value)) return;
    values.add(value);
    // `Bearer abc…`: the part that is secret may turn up without its scheme.
    const credential = value.replace(AUTH_SCHEME, '');
    if (credential.length >= MIN_LENGTH) values.add(credential);
  }

  function addAll(pairs: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(pairs)) add(name, value);
  }

  return {
    values,
    addFrom(config) {
      addAll(config.type === 'stdio' ? config.env : config.headers);
    },
    addHeaders: addAll,
  };
}
