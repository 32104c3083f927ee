/**
 * Tells whether a URI can come from a URI template (RFC 6570, levels 1 to 3; of level 4 the modifiers are read as leave to
 * be longer). Templates are servers' text: nothing here backtracks, and time is bounded by URI length times template
 * length, both of which are bounded (S20).
 */
export interface UriMatcher {
  matches(uri: string): boolean;
}

const MAX_TEMPLATE_LENGTH = 256;
const MAX_URI_LENGTH = 2_048;

/** A step is one character that must stand there, or any number of characters out of a class. */
type Step = { readonly char: string } | { readonly excluded: string; readonly first: string };

/** Null for what is no template, or too long to be looked at. */
export function compileUriTemplate(template: string): UriMatcher | null {
  if (template.length > MAX_TEMPLATE_LENGTH) return null;
  const steps = parse(template);
  if (steps === null) return null;
  const firstOpen = steps.findIndex((step) => !('char' in step));
  const head = template.slice(0, firstOpen === -1 ? template.length : firstOpen);
  return {
    matches: (uri) => uri.length <= MAX_URI_LENGTH && uri.startsWith(head) && simulate(steps, uri),
  };
}

function parse(template: string): readonly Step[] | null {
  const steps: Step[] = [];
  let position = 0;
  while (position < template.length) {
    const char = template.charAt(position);
    if (char === '}') return null;
    if (char !== '{') {
      steps.push({ char });
      position += 1;
      continue;
    }
    const end = template.indexOf('}', position);
    const step = end === -1 ? null : expression(template.slice(position + 1, end));
    if (step === null) return null;
    steps.push(step);
    position = end + 1;
  }
  return steps;
}

const VARIABLES = /^[A-Za-z0-9_.%]+(?:\*|:\d{1,4})?(?:,[A-Za-z0-9_.%]+(?:\*|:\d{1,4})?)*$/;

/** What each operator lets through: `first` is how a value begins when there is one, `excluded` what ends it. */
const OPERATORS: Readonly<Record<string, { readonly first: string; readonly excluded: string }>> = {
  '+': { first: '', excluded: '' },
  '#': { first: '#', excluded: '' },
  '.': { first: '.', excluded: '/?#' },
  '/': { first: '/', excluded: '?#' },
  ';': { first: ';', excluded: '/?#' },
  '?': { first: '?', excluded: '#' },
  '&': { first: '&', excluded: '#' },
};

function expression(source: string): Step | null {
  const operator = OPERATORS[source.charAt(0)];
  const variables = operator === undefined ? source : source.slice(1);
  if (!VARIABLES.test(variables)) return null;
  const isOneSegment = source.startsWith('/') && !/[,*]/.test(variables);
  if (operator === undefined) return { first: '', excluded: '/?#' };
  return isOneSegment ? { first: '/', excluded: '/?#' } : operator;
}

/** Follows every way through the template at once: a set of places, one character of the URI after the other. */
function simulate(steps: readonly Step[], uri: string): boolean {
  // Two places for each step: before it (2i), and within an open one (2i + 1).
  let active = new Uint8Array(steps.length * 2 + 1);
  enter(active, steps, 0);
  for (let position = 0; position < uri.length; position += 1) {
    const char = uri.charAt(position);
    const next = new Uint8Array(active.length);
    let isAlive = false;
    for (let place = 0; place < active.length - 1; place += 1) {
      if (active[place] !== 1) continue;
      const step = steps[place >> 1];
      if (step === undefined) continue;
      const target = after(step, place, char);
      if (target === null) continue;
      isAlive = true;
      enter(next, steps, target);
    }
    if (!isAlive) return false;
    active = next;
  }
  return active[active.length - 1] === 1;
}

/** Where one character leads from a place; null where it leads nowhere. */
function after(step: Step, place: number, char: string): number | null {
  if ('char' in step) return char === step.char ? place + 2 : null;
  const isWithin = place % 2 === 1;
  if (!isWithin && step.first !== '') return char === step.first ? place + 1 : null;
  if (step.excluded.includes(char)) return null;
  return isWithin ? place : place + 1;
}

/** Takes up a place, and those that are reached from it without a character: open steps may stand for nothing. */
function enter(active: Uint8Array, steps: readonly Step[], place: number): void {
  let current = place;
  for (;;) {
    active[current] = 1;
    const step = steps[current >> 1];
    if (step === undefined || 'char' in step) return;
    current = (current >> 1) * 2 + 2;
  }
}
