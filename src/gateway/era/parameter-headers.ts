import { isObject, type JsonObject } from '../frame/frame.ts';
import { encodedHeader } from './request-headers.ts';

const ANNOTATION = 'x-mcp-header';
/** What HTTP allows in the name of a header (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const MIRRORED: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);

/** A parameter of a tool that its schema names a header for, as it stands there. */
export interface AnnotatedParameter {
  readonly key: string;
  readonly type: unknown;
  readonly header: unknown;
}

export function annotatedParameters(tool: unknown): readonly AnnotatedParameter[] {
  const schema = isObject(tool) ? tool['inputSchema'] : undefined;
  const properties = isObject(schema) ? schema['properties'] : undefined;
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([key, property]) =>
    isObject(property) && ANNOTATION in property ? [{ key, type: property['type'], header: property[ANNOTATION] }] : [],
  );
}

/** Whether a parameter may be repeated in a header: a plain type, and a name that HTTP allows. */
export function isMirrored(
  parameter: AnnotatedParameter,
): parameter is AnnotatedParameter & { readonly header: string } {
  const { type, header } = parameter;
  return MIRRORED.has(type) && typeof header === 'string' && TOKEN.test(header);
}

/**
 * The headers in which a call repeats those arguments that the tool's schema names for it (`x-mcp-header`, MCP 2026-07-28).
 * Arguments that are absent, null or of another type than text, number and boolean are left out.
 */
export function parameterHeaders(tool: JsonObject | undefined, args: unknown): Readonly<Record<string, string>> {
  if (!isObject(args)) return {};
  const entries = annotatedParameters(tool)
    .filter(isMirrored)
    .flatMap(({ key, header }): [string, string][] => {
      const value = Object.hasOwn(args, key) ? args[key] : undefined;
      const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return isPlain ? [[`mcp-param-${header.toLowerCase()}`, encodedHeader(String(value))]] : [];
    });
  return Object.fromEntries(entries);
}
