import { fieldsOf, textOf } from './messages.ts';

/** The HTTP request that a message came with. */
export interface HttpDelivery {
  header(name: string): string | null;
}

/**
 * What an SDK says beside a message: v1 has `requestInfo.headers` (a record), v2 has `request` (a web `Request`). Null
 * when the message came over a pipe or in memory.
 */
export function httpDelivery(extra: unknown): HttpDelivery | null {
  const { request, requestInfo } = fieldsOf(extra);
  const headers = fieldsOf(request)['headers'] ?? fieldsOf(requestInfo)['headers'];
  if (headers === undefined) return null;
  if (headers instanceof Headers) return { header: (name) => headers.get(name) };
  const record = fieldsOf(headers);
  return {
    header(name) {
      const value = record[name];
      return textOf(Array.isArray(value) ? value[0] : value);
    },
  };
}
