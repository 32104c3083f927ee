/**
 * Which names announce a secret. A name is cut into words at separators, brackets and changes of case, and the words
 * decide: `x-api-key`, `OPENAI_API_KEY` and `apiKeyTavily` are caught, `monkey`, `author` and `tokenizer` are not.
 */

/** One word is enough. The value is the kind of secret that findings name. */
const SECRET_WORDS: ReadonlyMap<string, string> = new Map([
  ...['password', 'passwords', 'passwd', 'pwd', 'passphrase', 'passphrases', 'passcode', 'pswd'].map(
    (word) => [word, 'password'] as const,
  ),
  ['secret', 'secret'],
  ['secrets', 'secret'],
  ['token', 'token'],
  ['tokens', 'tokens'],
  ['jwt', 'token'],
  ['jwts', 'token'],
  ['bearer', 'token'],
  ['credential', 'credential'],
  ['credentials', 'credential'],
  ['creds', 'credential'],
  ['authorization', 'authorization'],
  ['cookie', 'cookie'],
  ['cookies', 'cookie'],
  ['signature', 'signature'],
  ['signatures', 'signature'],
  ['apikey', 'api-key'],
  ['apikeys', 'api-key'],
  ['privatekey', 'private-key'],
  ['privkey', 'private-key'],
  ['sessionid', 'session-id'],
  ['sessionids', 'session-id'],
  ['sessid', 'session-id'],
  ['jsessionid', 'session-id'],
  ['phpsessid', 'session-id'],
]);

/** Two neighbouring words, because neither says enough alone. */
const SECRET_PAIRS: ReadonlyMap<string, string> = new Map([
  ...['api', 'access', 'account', 'auth', 'service', 'shared', 'storage', 'subscription'].flatMap(
    (word) =>
      [
        [`${word} key`, 'api-key'],
        [`${word} keys`, 'api-key'],
      ] as const,
  ),
  ...['private', 'secret', 'signing', 'encryption', 'master', 'ssh', 'pgp', 'gpg', 'session'].flatMap(
    (word) =>
      [
        [`${word} key`, 'private-key'],
        [`${word} keys`, 'private-key'],
      ] as const,
  ),
  ['client key', 'private-key'],
  ['session id', 'session-id'],
  ['session ids', 'session-id'],
  ['auth value', 'authorization'],
  ['auth header', 'authorization'],
  ['x auth', 'authorization'],
  ['proxy auth', 'authorization'],
  ['auth code', 'token'],
  ['recovery code', 'token'],
  ['recovery codes', 'token'],
  ['backup codes', 'token'],
  ['verification code', 'token'],
  ['connection string', 'credential'],
  ['pass phrase', 'password'],
  ['pass word', 'password'],
  ['pass code', 'password'],
  ...['db', 'user', 'smtp', 'mail', 'ftp', 'admin', 'root', 'login', 'proxy'].map(
    (word) => [`${word} pass`, 'password'] as const,
  ),
]);

/** Written without any separator. `secretary` and `passwordless` must not end like one of these. */
const SECRET_ENDINGS: readonly (readonly [string, string])[] = [
  ...['password', 'passwords', 'passwd', 'passphrase', 'userpass', 'dbpass'].map(
    (ending) => [ending, 'password'] as const,
  ),
  ['secret', 'secret'],
  ['secrets', 'secret'],
  ['apikey', 'api-key'],
  ['apikeys', 'api-key'],
  ['accesskey', 'api-key'],
  ['secretkey', 'private-key'],
  ['privatekey', 'private-key'],
  ['credentials', 'credential'],
  ['sessionid', 'session-id'],
  ...['access', 'auth', 'refresh', 'id', 'session', 'bearer', 'csrf', 'xsrf', 'api', 'security', 'private', 'user'].map(
    (word) => [`${word}token`, 'token'] as const,
  ),
];

/** After the secret's word: the name speaks about the secret and does not hold it (`token_type`, `password_policy`). */
const ABOUT_A_SECRET = new Set(
  `count counts limit limits length size usage budget type types policy required enabled disabled expiry expires
   expiration ttl endpoint url uri name names label placeholder format strength algorithm alg method methods supported
   servers help banner consent notice store helper helpers`.split(/\s+/),
);

/** Anywhere beside `token`: a language model's tokens, or a position in a list or a running job. */
const OTHER_TOKENS = new Set(
  `count counts limit limits usage budget max min total input output prompt completion num number per progress page
   next continuation special eos bos pad unk`.split(/\s+/),
);

/** The same, where only the plural is unambiguous: a `read_token` is a secret, `cache_read_tokens` is a number. */
const OTHER_PLURAL_TOKENS = new Set(
  `cached cache read write creation reasoning used remaining generated context audio text image thinking accepted
   rejected prediction estimated avg mean n`.split(/\s+/),
);

const CAMEL_WORDS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;
const PLAIN_WORDS = /[a-z]+|[0-9]+/g;

/** Longer names are decided by their beginning and their end. */
const LONGEST_NAME = 512;

/** The words of a name in lower case. */
export function wordsOf(name: string): readonly string[] {
  return (name.slice(0, LONGEST_NAME).match(CAMEL_WORDS) ?? []).map((word) => word.toLowerCase());
}

/** The kind of secret that a key, header, parameter or label of this name holds, or null. */
export function secretKind(name: string): string | null {
  // A question is no name: "How do I reset my password?"
  if (name.endsWith('?') && name.includes(' ')) return null;
  const text =
    name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME / 2)} ${name.slice(-LONGEST_NAME / 2)}` : name;
  const camel = text.match(CAMEL_WORDS);
  if (camel === null) return null;
  const words = camel.map((word) => word.toLowerCase());
  const kind = kindOfWords(words);
  // `PaSsWoRd` has no words by case; what is left is what stands between separators.
  return kind === undefined ? (kindOfWords(text.toLowerCase().match(PLAIN_WORDS) ?? []) ?? null) : kind;
}

/** Null: only secrets' words that mean something else here. Undefined: no such word at all. */
function kindOfWords(words: readonly string[]): string | null | undefined {
  let lastAbout = -1;
  for (const [index, word] of words.entries()) if (ABOUT_A_SECRET.has(word)) lastAbout = index;
  let result: null | undefined;
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    const pair = next === undefined ? undefined : SECRET_PAIRS.get(`${word} ${next}`);
    const kind = pair ?? SECRET_WORDS.get(word) ?? kindByEnding(word);
    if (kind === undefined) continue;
    if (lastAbout <= index && !isOtherToken(word, words)) return kind;
    result = null;
  }
  return result;
}

function isOtherToken(word: string, words: readonly string[]): boolean {
  if (word !== 'token' && word !== 'tokens') return false;
  return words.some((other) => OTHER_TOKENS.has(other) || (word === 'tokens' && OTHER_PLURAL_TOKENS.has(other)));
}

function kindByEnding(word: string): string | undefined {
  if (word.length < 6) return undefined;
  return SECRET_ENDINGS.find(([ending]) => word.endsWith(ending))?.[1];
}

/** Names that only in a query, a fragment or a form announce a secret. */
const SECRET_PARAMETERS: ReadonlyMap<string, string> = new Map([
  ['key', 'api-key'],
  ['sig', 'signature'],
  ['hmac', 'signature'],
  ['code', 'token'],
  ['auth', 'authorization'],
  ['ticket', 'token'],
  ['assertion', 'token'],
  ['samlresponse', 'token'],
  ['otp', 'token'],
  ['pass', 'password'],
  ['pin', 'password'],
  ['sid', 'session-id'],
]);

/** As `secretKind`, for the decoded name of a URL parameter. */
export function secretParameterKind(name: string): string | null {
  return secretKind(name) ?? SECRET_PARAMETERS.get(name.trim().toLowerCase()) ?? null;
}
