/** Values of any origin as JSON text. What JSON cannot say gives a marker in its place (R21). */

const DEEPEST = 64;
const MOST_VALUES = 100_000;

export function toJsonText(value: unknown): string {
  return write(value, { above: new Set(), left: MOST_VALUES, depth: 0 });
}

interface Writing {
  readonly above: Set<object>;
  left: number;
  depth: number;
}

function write(value: unknown, writing: Writing): string {
  writing.left -= 1;
  if (writing.left < 0) return '"[too large]"';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : `"[${value}]"`;
    case 'boolean':
      return String(value);
    case 'bigint':
      return `"${value}"`;
    case 'undefined':
      return 'null';
    case 'function':
    case 'symbol':
      return `"[${typeof value}]"`;
    case 'object':
      return value === null ? 'null' : writeObject(value, writing);
  }
}

function writeObject(value: object, writing: Writing): string {
  if (writing.above.has(value)) return '"[circular]"';
  if (writing.depth >= DEEPEST) return '"[too deep]"';
  writing.above.add(value);
  writing.depth += 1;
  try {
    return writeContent(value, writing);
  } catch {
    // A getter or a proxy that throws must not fail the call that is being recorded.
    return '"[unreadable]"';
  } finally {
    writing.depth -= 1;
    writing.above.delete(value);
  }
}

function writeContent(value: object, writing: Writing): string {
  if (Array.isArray(value)) return `[${value.map((item) => write(item, writing)).join(',')}]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'null' : JSON.stringify(value.toISOString());
  if (ArrayBuffer.isView(value)) return `"[${value.byteLength} bytes]"`;
  if (value instanceof Map)
    return write(Object.fromEntries([...value].map(([key, item]) => [String(key), item])), writing);
  if (value instanceof Set) return write([...value], writing);
  const members = value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
  const written = Object.entries(members)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member, writing)}`);
  return `{${written.join(',')}}`;
}
