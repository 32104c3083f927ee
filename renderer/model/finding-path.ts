import type { PayloadDirection } from '../../src/shared/domain/redacted.ts';

/** Longer names are cut in paths. */
const LONGEST_SEGMENT = 128;
/** What the whole of a body that was cut short stands under. */
const PREVIEW = '/_preview';

/** The path of a member, as the paths of findings are written: RFC 6901, and a name's own last `#` as `~2`. */
export function childPath(path: string, name: string): string {
  const cut = name.slice(0, LONGEST_SEGMENT).toWellFormed();
  return `${path}/${cut.replaceAll('~', '~0').replaceAll('/', '~1').replace(/#$/, '~2')}`;
}

/** The names that a path goes through. */
export function pathNames(path: string): readonly string[] {
  return path
    .replace(/#$/, '')
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~2', '#').replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function isAboutName(path: string): boolean {
  return path.endsWith('#');
}

const WHERE: Readonly<Record<PayloadDirection, string>> = { request: 'Request', response: 'Response' };

const SPAN_PARTS: readonly (readonly [begin: string, word: string])[] = [
  ['/attributes/', 'Attribute'],
  ['/origin/resource/', 'Resource'],
  ['/origin/', 'Scope'],
  ['/status/', 'Status message'],
  ['/events/', 'Event'],
  ['/links/', 'Link'],
  ['/traceState', 'Trace state'],
  ['/name', 'Span name'],
];

/** Where something stands, for people: the part of the span or body, and what it is called there. */
export interface PlaceWords {
  readonly part: string;
  /** Empty where the part says it all. */
  readonly name: string;
}

export function placeWords(direction: PayloadDirection | null, path: string): PlaceWords {
  const names = pathNames(path);
  const about = isAboutName(path) ? ' (the name)' : '';
  if (direction !== null) {
    const isWhole = path === '' || path === PREVIEW;
    return { part: WHERE[direction], name: isWhole ? '' : `${bodyName(names)}${about}` };
  }
  const [, part = 'Span'] = SPAN_PARTS.find(([begin]) => path.startsWith(begin)) ?? [];
  return { part, name: `${spanName(part, names)}${about}` };
}

/** JSON-RPC's own wrapping says nothing to a reader. */
function bodyName(names: readonly string[]): string {
  const inner = ['params', 'result'].includes(names[0] ?? '') && names.length > 1 ? names.slice(1) : names;
  return joined(inner);
}

/** As one would write it in code: `content[0].text`. */
function joined(names: readonly string[]): string {
  return names.reduce((whole, name) => {
    if (/^\d+$/.test(name)) return `${whole}[${name}]`;
    return whole === '' ? name : `${whole}.${name}`;
  }, '');
}

function spanName(part: string, names: readonly string[]): string {
  switch (part) {
    case 'Attribute':
      return joined(names.slice(1));
    case 'Resource':
      return joined(names.slice(2));
    case 'Event':
    case 'Link':
      return joined(names.slice(names[2] === 'attributes' ? 3 : 2));
    default:
      return '';
  }
}

/** The tab of the span's detail that shows the place. */
export function placeTab(direction: PayloadDirection | null, path: string): 'overview' | 'payload' | 'events' | 'log' {
  if (direction !== null) return 'payload';
  if (!path.startsWith('/events/')) return 'overview';
  return path.endsWith('/log.record.original') ? 'log' : 'events';
}

/** The text at a path of a span or of a parsed body; null where there is none. */
export function textAt(root: unknown, path: string): string | null {
  let value = root;
  for (const name of pathNames(path)) {
    if (typeof value !== 'object' || value === null) return null;
    value = memberOf(value, name);
  }
  if (isAboutName(path)) return pathNames(path).at(-1) ?? null;
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
}

function memberOf(value: object, name: string): unknown {
  if (Object.hasOwn(value, name)) return (value as Readonly<Record<string, unknown>>)[name];
  // A name that was cut in the path.
  const whole = Object.keys(value).find((key) => key.length > LONGEST_SEGMENT && key.startsWith(name));
  return whole === undefined ? undefined : (value as Readonly<Record<string, unknown>>)[whole];
}

const AROUND = 36;

export interface Excerpt {
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

/** A stretch of a text with a little of what stands around it. */
export function excerpt(text: string, start: number, end: number): Excerpt {
  const from = Math.max(0, start - AROUND);
  const to = Math.min(text.length, end + AROUND);
  return {
    before: `${from > 0 ? '…' : ''}${text.slice(from, start)}`,
    text: text.slice(start, end),
    after: `${text.slice(end, to)}${to < text.length ? '…' : ''}`,
  };
}
