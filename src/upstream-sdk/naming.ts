import type { Attributes } from '@opentelemetry/api';
import { createHash } from 'node:crypto';
import type { HttpDelivery } from './delivery.ts';
import { fieldsOf, textOf, type Fields } from './messages.ts';
import { ATTR, OTHER } from './semconv.ts';

const MAX_METHOD_CHARACTERS = 64;
const METHOD = /^[A-Za-z0-9_./$-]+$/;
const MAX_TARGET_CHARACTERS = 128;
const TARGET = /^[\w./ :-]+$/;
const MAX_URI_CHARACTERS = 2_000;
const SESSION_HASH_LENGTH = 12;

/** A method as it is named in spans: what no method looks like is a caller's text, and becomes `_OTHER`. */
export function methodName(method: string): string {
  return method.length <= MAX_METHOD_CHARACTERS && METHOD.test(method) ? method : OTHER;
}

/** `tools/call NAME` and `prompts/get NAME`; any other method alone. A name that looks like none is left out. */
export function spanName(method: string, params: Fields): string {
  const target = targetOf(method, params);
  return target === null ? methodName(method) : `${methodName(method)} ${target}`;
}

function targetOf(method: string, params: Fields): string | null {
  if (method !== 'tools/call' && method !== 'prompts/get') return null;
  const name = textOf(params['name']);
  return name !== null && name.length <= MAX_TARGET_CHARACTERS && TARGET.test(name) ? name : null;
}

/** What a message says about itself, without its arguments. */
export function messageAttributes(method: string, params: Fields): Attributes {
  const attributes: Attributes = { [ATTR.mcpMethodName]: methodName(method) };
  const target = targetOf(method, params);
  if (method === 'tools/call') attributes[ATTR.genAiOperationName] = 'execute_tool';
  if (target !== null) attributes[method === 'tools/call' ? ATTR.genAiToolName : ATTR.genAiPromptName] = target;
  const uri = method.includes('resources/') ? textOf(params['uri']) : null;
  if (uri !== null) attributes[ATTR.mcpResourceUri] = bareUri(uri);
  const version = textOf(fieldsOf(params['_meta'])['io.modelcontextprotocol/protocolVersion']);
  if (version !== null) attributes[ATTR.mcpProtocolVersion] = version;
  return attributes;
}

/** How it came. A session's id would be enough to take the session over, so only a hash of it is recorded. */
export function deliveryAttributes(http: HttpDelivery | null, sessionId: string | null): Attributes {
  if (http === null) return { [ATTR.networkTransport]: 'pipe' };
  const attributes: Attributes = { [ATTR.networkTransport]: 'tcp', [ATTR.networkProtocolName]: 'http' };
  const version = http.header('mcp-protocol-version');
  if (version !== null) attributes[ATTR.mcpProtocolVersion] = version;
  if (sessionId !== null) attributes[ATTR.mcpSessionId] = hashOf(sessionId);
  return attributes;
}

/** Without user, password, query and fragment, which may hold secrets. */
function bareUri(uri: string): string {
  return uri
    .replace(/[?#].*$/s, '')
    .replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^/]*@/, '$1')
    .slice(0, MAX_URI_CHARACTERS);
}

function hashOf(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex').slice(0, SESSION_HASH_LENGTH);
}
