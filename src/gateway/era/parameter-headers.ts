import type { IncomingHttpHeaders } from 'node:http';
import { isObject, type RequestFrame } from '../frame/frame.ts';
import { decodedHeader, encodedHeader, mismatchSentence } from './request-headers.ts';
import type { RepeatedParameter } from './tool-annotations.ts';

const PREFIX = 'mcp-param-';
const NONE: Readonly<Record<string, string>> = {};

/**
 * The headers in which a call repeats its arguments (MCP 2026-07-28, custom headers from tool parameters). Arguments that
 * are absent, null or of another type than text, number and boolean have none.
 */
export function parameterHeaders(
  parameters: readonly RepeatedParameter[],
  args: unknown,
): Readonly<Record<string, string>> {
  if (parameters.length === 0) return NONE;
  const headers: Record<string, string> = {};
  for (const { path, header } of parameters) {
    const value = argumentAt(args, path);
    if (isPlain(value)) headers[header.toLowerCase()] = encodedHeader(String(value));
  }
  return headers;
}

/**
 * What of a call's headers does not repeat its arguments as the tool's schema wants it, as one sentence; null when all is
 * well. `mayBeMissing`: the client cannot send headers, so only what contradicts the arguments is told.
 */
export function parameterMismatch(
  headers: IncomingHttpHeaders,
  { params }: RequestFrame,
  parameters: readonly RepeatedParameter[],
  mayBeMissing: boolean,
): string | null {
  for (const { path, header } of parameters) {
    const said = headers[header.toLowerCase()];
    const value = argumentAt(params?.['arguments'], path);
    const isRight = said === undefined ? mayBeMissing || !isPlain(value) : repeats(said, value);
    if (!isRight) return mismatchSentence(header, `params.arguments.${path.join('.')}`, said);
  }
  return null;
}

/** The headers of a call about parameters that nothing is known of: whoever does not know them hands them on as they are. */
export function unknownParameterHeaders(
  headers: IncomingHttpHeaders,
  parameters: readonly RepeatedParameter[],
): Readonly<Record<string, string>> {
  let unknown: Record<string, string> | null = null;
  for (const name in headers) {
    const value = headers[name];
    if (!name.startsWith(PREFIX) || typeof value !== 'string') continue;
    if (parameters.some(({ header }) => header.toLowerCase() === name)) continue;
    unknown ??= {};
    unknown[name] = value;
  }
  return unknown ?? NONE;
}

function argumentAt(args: unknown, path: readonly string[]): unknown {
  let value = args;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Numbers compare as such, however they are written, and text as far as UTF-8 can write it. */
function repeats(said: string | readonly string[], value: unknown): boolean {
  const text = typeof said === 'string' ? decodedHeader(said) : null;
  if (text === null || !isPlain(value)) return false;
  return typeof value === 'number'
    ? NUMBER.test(text) && Number(text) === value
    : text === String(value).toWellFormed();
}
