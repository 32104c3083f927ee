import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { elementsAt, memberNamed, membersAt, skipSpace, type Member } from './json-scan.ts';

/** A JSON value as `JSON.parse` gives it, not yet looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

interface FrameBase {
  /** The message as it travelled. */
  readonly text: string;
  /** Where its members stand in `text`. */
  readonly members: readonly Member[];
}

/**
 * A JSON-RPC message: its source text beside what was read from it. `idText` is the id's source (`1`, `"a"`, `1.0`):
 * answers carry exactly that back, whatever a number loses when it is parsed.
 */
export interface RequestFrame extends FrameBase {
  readonly kind: 'request';
  readonly idText: string;
  readonly method: string;
  readonly params: JsonObject | null;
}

export interface NotificationFrame extends FrameBase {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: JsonObject | null;
}

export interface ResultFrame extends FrameBase {
  readonly kind: 'result';
  readonly idText: string;
  readonly result: unknown;
}

export interface ErrorFrame extends FrameBase {
  readonly kind: 'error';
  /** `null` when the peer could not tell which request failed. */
  readonly idText: string;
  readonly code: number;
  readonly errorMessage: string;
  readonly errorData: unknown;
}

export type ResponseFrame = ResultFrame | ErrorFrame;

export type Frame = RequestFrame | NotificationFrame | ResponseFrame;

/** Why a text is no frame: `parse` is JSON-RPC's -32700, `invalid` its -32600. */
export interface FrameError {
  readonly kind: 'parse' | 'invalid';
  readonly message: string;
  /** The id's source when there was one to read. */
  readonly idText: string | null;
}

export function parseFrame(text: string): Result<Frame, FrameError> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words differ between engines and quote the input; ours do neither.
    return err({ kind: 'parse', message: 'The message is not valid JSON.', idText: null });
  }
  if (!isObject(value)) return invalid('A JSON-RPC message is a JSON object.', null);
  return classify(text, value, membersAt(text, 0) ?? []);
}

/**
 * The messages of a JSON-RPC batch (MCP 2025-03-26), each as source text; null when the text is no array. What is in
 * them is left to `parseFrame`.
 */
export function messageTextsOf(text: string): readonly string[] | null {
  return isArrayText(text) ? elementsAt(text, 0) : null;
}

/** `params._meta`, where a message carries its trace context (SEP-414). */
export function traceMetaOf(frame: Frame): JsonObject | null {
  const meta = frame.kind === 'request' || frame.kind === 'notification' ? frame.params?.['_meta'] : undefined;
  return isObject(meta) ? meta : null;
}

function isArrayText(text: string): boolean {
  if (text.charAt(skipSpace(text, 0)) !== '[') return false;
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    // Told as a parse error by whoever reads it as one message.
    return false;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `result.isError` of a tool's answer. */
export function isToolError(frame: Frame): boolean {
  return frame.kind === 'result' && isObject(frame.result) && frame.result['isError'] === true;
}

/** Far more than is ever shown: the shown length is cut after redaction, so that no half of a secret is left (R20). */
const MAX_TOOL_ERROR_LENGTH = 16_384;

/** What a tool said about its failure: the beginning of its first text; null when it said nothing. */
export function toolErrorText(frame: Frame): string | null {
  if (frame.kind !== 'result' || !isObject(frame.result)) return null;
  const { content } = frame.result;
  const items: readonly unknown[] = Array.isArray(content) ? content : [];
  const text = items.filter(isObject).find((item) => item['type'] === 'text')?.['text'];
  return typeof text === 'string' && text.trim() !== '' ? text.trim().slice(0, MAX_TOOL_ERROR_LENGTH) : null;
}

function classify(text: string, value: JsonObject, members: readonly Member[]): Result<Frame, FrameError> {
  const idText = sourceOfId(text, value, members);
  if (value['jsonrpc'] !== '2.0') return invalid('"jsonrpc" must be "2.0".', idText);
  const { method } = value;
  if (method !== undefined) {
    if (typeof method !== 'string') return invalid('"method" must be a string.', idText);
    return classifyCall({ text, members }, method, value, idText);
  }
  if (idText === null && value['id'] !== null) return invalid('A response needs an "id".', null);
  return classifyResponse({ text, members }, value, idText ?? 'null');
}

function classifyCall(
  base: FrameBase,
  method: string,
  value: JsonObject,
  idText: string | null,
): Result<Frame, FrameError> {
  const params = value['params'];
  if (params !== undefined && !isObject(params)) return invalid('"params" must be an object.', idText);
  const call = { ...base, method, params: params ?? null };
  if (idText !== null) return ok({ ...call, kind: 'request', idText });
  if ('id' in value) return invalid('"id" must be a string or a number.', null);
  return ok({ ...call, kind: 'notification' });
}

function classifyResponse(base: FrameBase, value: JsonObject, idText: string): Result<Frame, FrameError> {
  const error = value['error'];
  if (isObject(error)) {
    const code = typeof error['code'] === 'number' ? error['code'] : 0;
    const errorMessage = typeof error['message'] === 'string' ? error['message'] : '';
    return ok({ ...base, kind: 'error', idText, code, errorMessage, errorData: error['data'] });
  }
  if ('result' in value) return ok({ ...base, kind: 'result', idText, result: value['result'] });
  return invalid('A message needs a "method", a "result" or an "error".', idText);
}

function sourceOfId(text: string, value: JsonObject, members: readonly Member[]): string | null {
  const id = value['id'];
  if (typeof id !== 'string' && typeof id !== 'number') return null;
  const member = memberNamed(members, 'id');
  return member === undefined ? null : text.slice(member.valueStart, member.valueEnd);
}

function invalid(message: string, idText: string | null): Result<Frame, FrameError> {
  return err({ kind: 'invalid', message, idText });
}
