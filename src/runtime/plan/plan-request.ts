import { serverIdSchema } from '../../shared/contract/schemas.ts';
import type { ServerId } from '../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { isObject, parseFrame, type RequestFrame } from '../../gateway/frame/frame.ts';
import { memberNamed, membersAt, type Member } from '../../gateway/frame/json-scan.ts';

/** What `POST /api/plan` asks for. */
export interface AskedPlan {
  readonly request: RequestFrame;
  readonly serverId: ServerId | null;
}

/**
 * Reads `{"server"?, "method": "tools/call", "params"}`, or a whole JSON-RPC request with a `server` beside its members.
 * `params` stays as it was written. An error is one sentence.
 */
export function readPlanRequest(body: string): Result<AskedPlan, string> {
  const value = parsed(body);
  if (!isObject(value)) return err('Send a JSON object with a "method" and its "params".');
  if (value['method'] !== 'tools/call') return err('Only calls of tools can be planned: send "method": "tools/call".');
  const members = membersAt(body, 0) ?? [];
  const serverId = readServer(value['server']);
  if (!serverId.ok) return serverId;
  const id = isId(value['id']) ? sourceOf(body, members, 'id') : '1';
  const text = `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${sourceOf(body, members, 'params')}}`;
  const frame = parseFrame(text);
  if (!frame.ok || frame.value.kind !== 'request' || typeof frame.value.params?.['name'] !== 'string')
    return err('Send "params" with the "name" of the tool and its "arguments".');
  return ok({ request: frame.value, serverId: serverId.value });
}

function readServer(value: unknown): Result<ServerId | null, string> {
  if (value === undefined || value === null) return ok(null);
  const id = serverIdSchema.safeParse(value);
  return id.success ? ok(id.data) : err('Give "server" the name of a server, or leave it out.');
}

function isId(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** Of the last member of this name, which is the one that counts (ECMA-404 leaves it open, JSON.parse does not). */
function sourceOf(text: string, members: readonly Member[], name: string): string {
  const member = memberNamed(members, name);
  return member === undefined ? 'null' : text.slice(member.valueStart, member.valueEnd);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Told as what it is not by whoever asked for it.
    return undefined;
  }
}
