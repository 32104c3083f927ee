const TYPE_NAMES =
  /^(?:string|str|number|int|integer|boolean|bool|object|any|unknown|null|nil|none|undefined|true|false|optional|required|bytes)\b\s*(?:$|[;,)|=\]}?!])/i;
/** `Optional[str]`, `Promise<string>` */
const GENERIC_TYPE = /^(?:Optional|Union|List|Array|Promise|Future|Maybe|Option|Result)[[<][\w\s.,|[\]<>]{1,80}[\]>]/;
const PLACEHOLDER =
  /^(?:<[\w .:-]{1,64}>|\$\{[^}]{0,64}\}|\{\{[^}]{0,64}\}\}|\$[A-Z_][A-Z0-9_]{0,63}|%[A-Z_]{1,63}%|%[-+#0-9.]{0,4}[a-z]|\*{3,}|x{3,}|\.{3})(?:$|[\s;,)\]}"'`])/i;
const READ_FROM =
  /^(?:await |new )?(?:process|os|config|req|request|res|response|this|self|env|ctx|context|settings|options|opts|params|args|props|state|import|System)\.[A-Za-z_]/;
/** `/^.{12,}$/`: what a secret must look like. */
const REGULAR_EXPRESSION = /^\/\^[^\n]{1,200}\/[a-z]{0,4}[;,)]?\s*$/;
const CALL =
  /^(?:await |new |try[!?]? ){0,2}[A-Za-z_$][\w$]{0,40}(?:\.[A-Za-z_$][\w$]{0,40}){0,4}\([^()]{0,80}\)(?:$|[\s;,.)\]}])/;

/** Every pattern above is anchored and bounded, so this many characters decide. */
export const ENOUGH_TO_JUDGE = 256;

/**
 * Whether what follows a label in a text can be a secret. Types, placeholders and source code that reads a secret from
 * elsewhere cannot, and hiding them would make documentation and code unreadable. `value` is cut at ENOUGH_TO_JUDGE.
 */
export function isPlausibleSecret(label: string, value: string): boolean {
  if (TYPE_NAMES.test(value) || GENERIC_TYPE.test(value) || isPlaceholder(value)) return false;
  if (READ_FROM.test(value) || CALL.test(value) || REGULAR_EXPRESSION.test(value)) return false;
  // `{ token: token }` hands a variable on, and so does `this.token = token`.
  const variable = label.slice(label.lastIndexOf('.') + 1);
  const isItself = value.slice(0, variable.length).toLowerCase() === variable.toLowerCase();
  return variable === '' || !isItself || !/^\s*(?:$|[;,)}\]])/.test(value.slice(variable.length));
}

/** `<token>`, `${TOKEN}`, `***`: what stands where a secret would. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value);
}

const WHOLE_PLACEHOLDER = /^(?:\{\{[^{}]{0,100}\}\}|\$\{[^{}]{0,100}\}|<[\w .:-]{1,64}>)$/;

/** The same for a value in quotes, of which a placeholder must be all. */
export function isQuotedPlaceholder(value: string): boolean {
  return value.length < ENOUGH_TO_JUDGE && WHOLE_PLACEHOLDER.test(value);
}
