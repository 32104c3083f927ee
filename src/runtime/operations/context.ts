import { implement, ORPCError, type Router } from '@orpc/server';
import { ValidationError } from '@orpc/contract';
import { contract, type Contract } from '../../shared/contract/contract.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import type { ReportFailure } from '../log.ts';

/** What a connection may do; its host decides when it lets the page in. */
export interface ContractContext extends Record<never, never> {
  readonly canManage: boolean;
}

export type ContractRouter = Router<Contract, ContractContext>;

/**
 * The two ways to implement an operation: for every page, or only for one that may manage. Whatever an operation throws
 * leaves as one sentence; the detail goes to `report`.
 */
export function createImplementers(report: ReportFailure) {
  const everyPage = implement<Contract, ContractContext>(contract).use(async ({ next, path }) => {
    try {
      return await next();
    } catch (thrown) {
      throw sentenceOf(thrown, path.join('.'), report);
    }
  });
  const managingPage = everyPage.use(async ({ context, next }) => {
    if (!context.canManage) {
      throw new ORPCError('FORBIDDEN', {
        message:
          'This page may only look: start Throughline with --manage and open the page it names to change things.',
      });
    }
    return await next();
  });
  return { everyPage, managingPage };
}

export type Implementers = ReturnType<typeof createImplementers>;

function sentenceOf(thrown: unknown, operation: string, report: ReportFailure): Error {
  if (thrown instanceof UserError) return new ORPCError('BAD_REQUEST', { message: thrown.message });
  if (thrown instanceof ORPCError) {
    if (!(thrown.cause instanceof ValidationError)) return thrown;
    const problem = thrown.cause.issues[0]?.message ?? 'The request does not fit its schema.';
    return new ORPCError('BAD_REQUEST', { message: problem });
  }
  report(operation, thrown);
  return new ORPCError('INTERNAL_SERVER_ERROR', { message: 'Throughline failed at this: its log says why.' });
}
