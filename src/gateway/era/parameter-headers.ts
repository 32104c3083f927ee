import { isObject, type JsonObject } from '../frame/frame.ts';
import { encodedHeader } from './request-headers.ts';

const ANNOTATION = 'x-mcp-header';
/** What HTTP allows in the name of a header (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const MIRRORED: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);

/**
 * The headers in which a call repeats those arguments that the tool's schema names for it (`x-mcp-header`, MCP 2026-07-28).
 * Arguments that are absent, null or of another type than text, number and boolean are left out.
 */
export function parameterHeaders(tool: JsonObject | undefined, args: unknown): Readonly<Record<string, string>> {
  const schema = tool?.['inputSchema'];
  const properties = isObject(schema) ? schema['properties'] : undefined;
  if (!isObject(properties) || !isObject(args)) return {};
  const entries = Object.entries(properties).flatMap(([key, property]): [string, string][] => {
    const name = isObject(property) && MIRRORED.has(property['type']) ? property[ANNOTATION] : undefined;
    const value = Object.hasOwn(args, key) ? args[key] : undefined;
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (typeof name !== 'string' || !TOKEN.test(name) || !isPlain) return [];
    return [[`mcp-param-${name.toLowerCase()}`, encodedHeader(String(value))]];
  });
  return Object.fromEntries(entries);
}
