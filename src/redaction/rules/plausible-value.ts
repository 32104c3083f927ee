const TYPE_NAMES =
  /^(?:string|str|number|int|integer|boolean|bool|object|any|unknown|null|nil|none|undefined|true|false|optional|required|bytes)\b\s*(?:$|[;,)|=\]}?])/i;
const PLACEHOLDER =
  /^(?:<[\w .:-]{1,64}>|\$\{[^}]{0,64}\}|\{\{[^}]{0,64}\}\}|\$[A-Z_][A-Z0-9_]{0,63}|%[A-Z_]{1,63}%|\*{3,}|x{3,}|\.{3})(?:$|[\s;,)\]}"'])/i;
const READ_FROM =
  /^(?:await |new )?(?:process|os|config|req|request|res|response|this|self|env|ctx|context|settings|options|opts|params|args|props|state|import|System)\.[A-Za-z_]/;
const CALL = /^(?:await |new )?[A-Za-z_$][\w$]{0,40}(?:\.[A-Za-z_$][\w$]{0,40}){0,4}\([^()]{0,80}\)(?:$|[\s;,.)\]}])/;

/** Every pattern above is anchored and bounded, so this many characters decide. */
export const ENOUGH_TO_JUDGE = 256;

/**
 * Whether what follows a label in a text can be a secret. Types, placeholders and source code that reads a secret from
 * elsewhere cannot, and hiding them would make documentation and code unreadable. `value` is cut at ENOUGH_TO_JUDGE.
 */
export function isPlausibleSecret(label: string, value: string): boolean {
  if (TYPE_NAMES.test(value) || PLACEHOLDER.test(value) || READ_FROM.test(value) || CALL.test(value)) return false;
  // `{ token: token }` hands a variable on.
  const isItself = value.length >= label.length && value.slice(0, label.length).toLowerCase() === label.toLowerCase();
  return !isItself || !/^\s*(?:$|[;,)}\]])/.test(value.slice(label.length));
}
