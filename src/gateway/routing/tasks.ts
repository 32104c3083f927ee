import { isObject, type JsonObject } from '../frame/frame.ts';

const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/** The task a result or a request's parameters speak of (MCP 2025-11-25, tasks); null when it is none. */
export function taskIdOf(value: unknown): string | null {
  if (!isObject(value)) return null;
  const meta = value['_meta'];
  const named = [value, value['task'], isObject(meta) ? meta[RELATED_TASK] : null].filter(isObject);
  return named.map(({ taskId }: JsonObject) => taskId).find((taskId) => typeof taskId === 'string') ?? null;
}
