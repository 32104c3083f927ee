import { z } from 'zod';
import { parseJson } from '../../shared/kernel/parse-json.ts';

const REQUEST = 1;
const ABORT = 4;

// Strict: headers and other content types would have oRPC look for binary bodies, and throw where nobody catches.
const rpcFrameSchema = z.union([
  z.strictObject({
    i: z.string(),
    t: z.literal(REQUEST).optional(),
    p: z.strictObject({ u: z.string().startsWith('/'), b: z.unknown().optional() }),
  }),
  z.strictObject({ i: z.string(), t: z.literal(ABORT), p: z.unknown().optional() }),
]);

/**
 * oRPC's text frames as our own page sends them: a request to an operation of the contract, or the end of one. A host
 * lets only these through to oRPC, which would print or throw on what it cannot read.
 */
export function isRpcFrame(data: unknown): boolean {
  return typeof data === 'string' && rpcFrameSchema.safeParse(parseJson(data)).success;
}
