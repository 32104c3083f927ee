import { errorText } from '../frame/compose.ts';
import type { CallOutcome, ResultCount } from '../observer.ts';

/** What goes back to the client, and what it means for the trace. */
export interface Answer {
  readonly text: string;
  readonly outcome: CallOutcome;
}

/** JSON-RPC codes of the gateway's own errors. */
export const RPC_CODES = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  upstreamFailed: -32000,
  timedOut: -32001,
  sessionNotFound: -32001,
  cancelled: -32800,
} as const;

export function resultAnswer(idText: string, result: unknown, count?: ResultCount): Answer {
  return resultTextAnswer(idText, JSON.stringify(result), count);
}

/** As `resultAnswer`, of a result that is JSON source already and goes out as it is. */
export function resultTextAnswer(idText: string, resultSource: string, count?: ResultCount): Answer {
  const text = `{"jsonrpc":"2.0","id":${idText},"result":${resultSource}}`;
  return { text, outcome: { kind: 'result', isToolError: false, messageText: text, count } };
}

/** A refusal of the gateway's own. The message must be safe to show. */
export function refusal(idText: string, code: number, message: string, data?: unknown): Answer {
  const text = errorText(idText, data === undefined ? { code, message } : { code, message, data });
  return { text, outcome: { kind: 'error', code, message, messageText: text } };
}

/** Tells the client that its call could not be brought to an end. */
export function failureAnswer(idText: string, outcome: CallOutcome): Answer {
  switch (outcome.kind) {
    case 'failed': {
      const code = outcome.category === 'timeout' ? RPC_CODES.timedOut : RPC_CODES.upstreamFailed;
      const text = errorText(idText, { code, message: outcome.message, data: { category: outcome.category } });
      return { text, outcome: { ...outcome, code, messageText: text } };
    }
    case 'cancelled':
      return { text: errorText(idText, { code: RPC_CODES.cancelled, message: 'The call was cancelled.' }), outcome };
    case 'result':
    case 'error':
    case 'accepted':
      throw new Error(`An outcome of kind "${outcome.kind}" is no failure.`);
  }
}
