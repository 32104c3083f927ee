/**
 * Tells whether a URI can come from a URI template (RFC 6570, levels 1 to 3; of level 4 the modifiers are read as leave to
 * be longer). Templates are servers' text: nothing here backtracks, and time is bounded by URI length times template
 * length, both of which are bounded (S20).
 */
export interface UriMatcher {
  matches(uri: string): boolean;
}

const MAX_TEMPLATE_LENGTH = 256;
const MAX_EXPRESSIONS = 16;
const MAX_URI_LENGTH = 2_048;

/** An expression stands for nothing, or for a value that begins with `first` and has none of the `excluded` characters. */
interface Expression {
  readonly first: string;
  readonly excluded: string;
}

/** Text that must stand there as it is, or an expression. */
type Step = string | Expression;

/** Null for what is no template, or too long to be looked at. */
export function compileUriTemplate(template: string): UriMatcher | null {
  const steps = template.length > MAX_TEMPLATE_LENGTH ? null : parse(template);
  if (steps === null) return null;
  const head = typeof steps[0] === 'string' ? steps[0] : '';
  return { matches: (uri) => uri.length <= MAX_URI_LENGTH && uri.startsWith(head) && fits(steps, uri) };
}

function parse(template: string): readonly Step[] | null {
  const steps: Step[] = [];
  let expressions = 0;
  let position = 0;
  while (position < template.length) {
    const open = template.indexOf('{', position);
    const literal = template.slice(position, open === -1 ? template.length : open);
    if (literal.includes('}')) return null;
    if (literal !== '') steps.push(literal);
    if (open === -1) break;
    const end = template.indexOf('}', open);
    const step = end === -1 ? null : expression(template.slice(open + 1, end));
    expressions += 1;
    if (step === null || expressions > MAX_EXPRESSIONS) return null;
    steps.push(step);
    position = end + 1;
  }
  return steps;
}

const VARIABLES = /^[A-Za-z0-9_.%]+(?:\*|:\d{1,4})?(?:,[A-Za-z0-9_.%]+(?:\*|:\d{1,4})?)*$/;

/** What each operator lets through. */
const OPERATORS: Readonly<Record<string, Expression>> = {
  '+': { first: '', excluded: '' },
  '#': { first: '#', excluded: '' },
  '.': { first: '.', excluded: '/?#' },
  '/': { first: '/', excluded: '?#' },
  ';': { first: ';', excluded: '/?#' },
  '?': { first: '?', excluded: '#' },
  '&': { first: '&', excluded: '#' },
};

function expression(source: string): Expression | null {
  const operator = OPERATORS[source.charAt(0)];
  const variables = operator === undefined ? source : source.slice(1);
  if (!VARIABLES.test(variables)) return null;
  const isOneSegment = source.startsWith('/') && !/[,*]/.test(variables);
  if (operator === undefined) return { first: '', excluded: '/?#' };
  return isOneSegment ? { first: '/', excluded: '/?#' } : operator;
}

/** Follows every way through the template at once: for each step, up to where in the URI the steps so far may reach. */
function fits(steps: readonly Step[], uri: string): boolean {
  let reached = new Uint8Array(uri.length + 1);
  reached[0] = 1;
  for (const step of steps) {
    reached = typeof step === 'string' ? afterText(reached, step, uri) : afterExpression(reached, step, uri);
    if (!reached.includes(1)) return false;
  }
  return reached[uri.length] === 1;
}

function afterText(reached: Uint8Array, text: string, uri: string): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(reached.length);
  for (let from = reached.indexOf(1); from !== -1; from = reached.indexOf(1, from + 1))
    if (uri.startsWith(text, from)) next[from + text.length] = 1;
  return next;
}

function afterExpression(reached: Uint8Array, { first, excluded }: Expression, uri: string): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(reached.length);
  let isWithin = false;
  for (let position = 0; position <= uri.length; position += 1) {
    const begins = reached[position] === 1;
    if (begins || isWithin) next[position] = 1;
    const char = uri.charAt(position);
    const goesOn: boolean = (isWithin || (begins && first === '')) && !excluded.includes(char);
    isWithin = goesOn || (begins && first !== '' && char === first);
  }
  return next;
}
