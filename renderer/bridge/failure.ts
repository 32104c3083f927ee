import { ORPCError } from '@orpc/client';

export type Failure =
  /** The host understood and said no; the sentence is for the user. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The host failed in a way it did not expect. */
  | { readonly kind: 'broken'; readonly message: string }
  /** The connection went away before an answer came. */
  | { readonly kind: 'lost'; readonly message: string };

const FIRST_SERVER_FAULT = 500;

/** What a rejected call of the bridge means. */
export function describeFailure(thrown: unknown): Failure {
  if (!(thrown instanceof ORPCError)) {
    return { kind: 'lost', message: 'The gateway is not answering. Try again when it is back.' };
  }
  if (thrown.status >= FIRST_SERVER_FAULT) {
    return { kind: 'broken', message: 'The gateway could not do this. Its log says why.' };
  }
  return { kind: 'refused', message: thrown.message };
}
