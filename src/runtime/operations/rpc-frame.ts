import { z } from 'zod';
import { parseJson } from '../../shared/kernel/parse-json.ts';

const rpcFrameSchema = z.union([
  z.looseObject({ i: z.string(), t: z.literal(1).optional(), p: z.looseObject({ u: z.string().startsWith('/') }) }),
  z.looseObject({ i: z.string(), t: z.literal([3, 4]) }),
]);

/**
 * oRPC's text frames: a request to one of our procedures, an event of one, or its end. Binary bodies are not used. A
 * host lets only these through to oRPC, which would print or throw on what it cannot read.
 */
export function isRpcFrame(data: unknown): boolean {
  return typeof data === 'string' && rpcFrameSchema.safeParse(parseJson(data)).success;
}
