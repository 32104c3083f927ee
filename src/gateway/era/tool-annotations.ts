import { editedFrame } from '../frame/edit.ts';
import { isObject, type JsonObject, type ResponseFrame } from '../frame/frame.ts';
import { elementRangesAt, memberNamed, membersAt } from '../frame/json-scan.ts';

const ANNOTATION = 'x-mcp-header';
/** What HTTP allows in the name of a header (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const REPEATABLE: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);

/** A parameter of a tool that calls repeat in a header of their own (MCP 2026-07-28, `x-mcp-header`). */
export interface RepeatedParameter {
  /** The keys that lead to it through the arguments. */
  readonly path: readonly string[];
  /** For example `Mcp-Param-Region`. */
  readonly header: string;
}

/**
 * The parameters that a tool's schema names headers for; null when no call could follow it: a name that HTTP does not allow
 * or that is there twice, a type that no header holds, or a place that the arguments alone do not lead to.
 */
export function repeatedParameters(tool: unknown): readonly RepeatedParameter[] | null {
  const found: RepeatedParameter[] = [];
  const waiting: Place[] = [{ schema: isObject(tool) ? tool['inputSchema'] : undefined, path: [] }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { schema, path } = place;
    if (!isObject(schema)) continue;
    if (Object.hasOwn(schema, ANNOTATION)) {
      const name = schema[ANNOTATION];
      const isReachable = path !== null && path.length > 0;
      if (!isReachable || !REPEATABLE.has(schema['type']) || typeof name !== 'string' || !TOKEN.test(name)) return null;
      found.push({ path, header: `Mcp-Param-${name}` });
    }
    addSchemasIn(schema, path, waiting);
  }
  const names = new Set(found.map(({ header }) => header.toLowerCase()));
  return names.size === found.length ? found : null;
}

interface Place {
  readonly schema: unknown;
  /** Null where more than the names of properties would be needed to get there. */
  readonly path: readonly string[] | null;
}

/** Deeper than any tool's arguments are; the paths of what is deeper would only fill memory. */
const MAX_DEPTH = 64;
/** Members of a schema that hold schemas: one or a list, and some by name (JSON Schema 2020-12 and its forerunners). */
const SCHEMAS = [
  'items',
  'prefixItems',
  'additionalItems',
  'contains',
  'unevaluatedItems',
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'contentSchema',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
] as const;
const SCHEMAS_BY_NAME = ['patternProperties', 'dependentSchemas', 'dependencies', '$defs', 'definitions'] as const;

function addSchemasIn(schema: JsonObject, path: Place['path'], waiting: Place[]): void {
  const { properties } = schema;
  if (isObject(properties)) {
    for (const [key, property] of Object.entries(properties))
      waiting.push({ schema: property, path: path === null || path.length === MAX_DEPTH ? null : [...path, key] });
  }
  for (const member of SCHEMAS) {
    const value = schema[member];
    if (Array.isArray(value))
      for (const each of value as readonly unknown[]) waiting.push({ schema: each, path: null });
    else if (value !== undefined) waiting.push({ schema: value, path: null });
  }
  for (const member of SCHEMAS_BY_NAME) {
    const value = schema[member];
    if (isObject(value)) for (const each of Object.values(value)) waiting.push({ schema: each, path: null });
  }
}

/**
 * A list of tools without those whose arguments could not be repeated in headers as their schema wants it: a tool that is
 * called otherwise than its server expects must not be offered. Every other byte of what is offered stays.
 */
export function withoutInvalidTools(frame: ResponseFrame): ResponseFrame {
  const tools = toolsIn(frame);
  const isValid = tools.map((tool) => repeatedParameters(tool) !== null);
  if (!isValid.includes(false)) return frame;
  const result = memberNamed(frame.members, 'result');
  const list = result === undefined ? undefined : memberNamed(membersAt(frame.text, result.valueStart), 'tools');
  if (list === undefined) return frame;
  const ranges = elementRangesAt(frame.text, list.valueStart) ?? [];
  const kept = ranges.filter((_range, index) => isValid[index]);
  const replacement = `[${kept.map(({ start, end }) => frame.text.slice(start, end)).join(',')}]`;
  return editedFrame(frame, [{ start: list.valueStart, end: list.valueEnd, replacement }]);
}

/** Empty when the answer is no list of tools. */
export function toolsIn(frame: ResponseFrame): readonly unknown[] {
  const tools: unknown = frame.kind === 'result' && isObject(frame.result) ? frame.result['tools'] : null;
  return Array.isArray(tools) ? (tools as readonly unknown[]) : [];
}
