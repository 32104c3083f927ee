import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { remoteService, serviceOf } from './owner.ts';
import type { SpanNode } from './span-tree.ts';

/** Two processes of one name are told apart where they say which instance they are. */
export function processOf(span: RedactedSpan): string {
  const instance = span.origin.resource['service.instance.id'];
  return `${serviceOf(span)} ${typeof instance === 'string' ? instance : ''}`;
}

/** The process that the tree enters with a span; null where it stays in the one above, or comes back to the gateway. */
export function enteredService({ span, parent }: SpanNode): string | null {
  const service = remoteService(span);
  return service === null || (parent !== null && serviceOf(parent.span) === service) ? null : service;
}
