import type { IncomingHttpHeaders } from 'node:http';
import type { RequestFrame } from '../frame/frame.ts';
import type { Envelope } from './envelope.ts';

/** Which member of `params` the header `Mcp-Name` repeats. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

/**
 * What of a request's headers does not say the same as its body (MCP 2026-07-28, Streamable HTTP, standard headers), as
 * one sentence; null when all is well. Values compare exactly, names of headers in any letter case.
 */
export function headerMismatch(
  headers: IncomingHttpHeaders,
  frame: RequestFrame,
  { protocolVersion }: Pick<Envelope, 'protocolVersion'>,
): string | null {
  const version = headers['mcp-protocol-version'];
  if (!repeats(version, protocolVersion))
    return mismatchSentence('MCP-Protocol-Version', 'the protocol version in params._meta', version);
  const method = headers['mcp-method'];
  if (!repeats(method, frame.method)) return mismatchSentence('Mcp-Method', "the message's method", method);
  const member = NAMED_BY[frame.method];
  if (member === undefined) return null;
  const name = headers['mcp-name'];
  const expected = frame.params?.[member];
  // What names nothing is refused for that by whoever answers.
  if (name === undefined && typeof expected !== 'string') return null;
  return repeats(name, expected) ? null : mismatchSentence('Mcp-Name', `params.${member}`, name);
}

function repeats(value: string | readonly string[] | undefined, expected: unknown): boolean {
  return typeof value === 'string' && typeof expected === 'string' && decodedHeader(value) === expected;
}

/** The headers that a request's POST repeats it in. What the request itself lacks is left out. */
export function requestHeaders(frame: RequestFrame, version: string | null): Readonly<Record<string, string>> {
  const member = NAMED_BY[frame.method];
  const name = member === undefined ? undefined : frame.params?.[member];
  return {
    ...(version !== null && { 'mcp-protocol-version': encodedHeader(version) }),
    'mcp-method': encodedHeader(frame.method),
    ...(typeof name === 'string' && { 'mcp-name': encodedHeader(name) }),
  };
}

const CLIENT_TRANSPORT = 'throughline-client-transport';

/** Says that the request comes from a client on stdio, whose messages have no headers that could repeat arguments. */
export const STDIO_CLIENT: Readonly<Record<string, string>> = { [CLIENT_TRANSPORT]: 'stdio' };

/**
 * Whether a request was carried here from stdio, where a client need not know `x-mcp-header`, and its carrier does not know
 * the tools. Nothing is to be gained by saying so of oneself: what goes on to a server is made from the arguments.
 */
export function hasStdioClient(headers: IncomingHttpHeaders): boolean {
  return headers[CLIENT_TRANSPORT] === 'stdio';
}

/** What every part of HTTP hands on as it is: visible ASCII, with spaces only inside. */
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const LOOKS_ENCODED = /^=\?base64\?.*\?=$/;

/** The value of a header that says `text`, which `decodedHeader` gives back. */
export function encodedHeader(text: string): string {
  if (PLAIN.test(text) && !LOOKS_ENCODED.test(text)) return text;
  return `=?base64?${Buffer.from(text).toString('base64')}?=`;
}

/** What a header may consist of (RFC 9110, 5.5), without the bytes that have no meaning of their own. */
const ALLOWED = /^[\t\x20-\x7e]*$/;
const ENCODED = /^=\?base64\?(.*)\?=$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A header's value as text: what is not ASCII travels as `=?base64?…?=` of its UTF-8. Null when it is not well written. */
export function decodedHeader(value: string): string | null {
  if (!ALLOWED.test(value)) return null;
  const [, encoded] = ENCODED.exec(value) ?? [];
  if (encoded === undefined) return value;
  return BASE64.test(encoded) ? Buffer.from(encoded, 'base64').toString('utf8') : null;
}

/** Says of a header that it is not there, or not what it should be. */
export function mismatchSentence(header: string, what: string, value: string | readonly string[] | undefined): string {
  return value === undefined
    ? `The ${header} header is missing; it must repeat ${what}.`
    : `The ${header} header does not repeat ${what}.`;
}
