import { ORPCError } from '@orpc/server';
import type { ContractContext } from './context.ts';

/** The page has three waits open at most and asks for a few bodies; more than this is a page gone wrong. */
const MAX_OPEN_REQUESTS = 64;

/**
 * Interceptor for a host's handler: refuses what one connection asks beyond `max` unanswered requests, so that they
 * cannot pile up. A connection is known by its context, of which its host makes one each.
 */
export function limitOpenRequests(max = MAX_OPEN_REQUESTS) {
  const open = new WeakMap<ContractContext, number>();
  return async <Answer>(call: { context: ContractContext; next: () => Promise<Answer> }): Promise<Answer> => {
    const count = open.get(call.context) ?? 0;
    if (count >= max)
      throw new ORPCError('TOO_MANY_REQUESTS', { message: 'Too many requests are open: reload the page.' });
    open.set(call.context, count + 1);
    try {
      return await call.next();
    } finally {
      open.set(call.context, (open.get(call.context) ?? 1) - 1);
    }
  };
}
