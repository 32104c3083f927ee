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
    return sentence('MCP-Protocol-Version', 'the protocol version in params._meta', version);
  const method = headers['mcp-method'];
  if (!repeats(method, frame.method)) return sentence('Mcp-Method', "the message's method", method);
  const member = NAMED_BY[frame.method];
  if (member === undefined) return null;
  const name = headers['mcp-name'];
  const expected = frame.params?.[member];
  // What names nothing is refused for that by whoever answers.
  if (name === undefined && typeof expected !== 'string') return null;
  return repeats(name, expected) ? null : sentence('Mcp-Name', `params.${member}`, name);
}

function repeats(value: string | readonly string[] | undefined, expected: unknown): boolean {
  return typeof value === 'string' && decodedHeader(value) === expected;
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

/** What every part of HTTP hands on as it is: visible ASCII, with spaces only inside. */
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const LOOKS_ENCODED = /^=\?base64\?.*\?=$/;

/** The value of a header that says `text`, which `decodedHeader` gives back. */
export function encodedHeader(text: string): string {
  if (PLAIN.test(text) && !LOOKS_ENCODED.test(text)) return text;
  return `=?base64?${Buffer.from(text).toString('base64')}?=`;
}

const ENCODED = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/;

/** A header's value as text: what is not ASCII travels as `=?base64?…?=` of its UTF-8. */
export function decodedHeader(value: string): string {
  const [, encoded] = ENCODED.exec(value) ?? [];
  return encoded === undefined ? value : Buffer.from(encoded, 'base64').toString('utf8');
}

function sentence(header: string, what: string, value: string | readonly string[] | undefined): string {
  return value === undefined
    ? `The ${header} header is missing; it must repeat ${what}.`
    : `The ${header} header does not repeat ${what}.`;
}
