import type { IncomingMessage } from 'node:http';
import type { CallPlanner } from '../../gateway/plan/call-planner.ts';
import { planAnswer } from './plan-answer.ts';
import type { AskedPlan } from './plan-request.ts';

/** An answer of `POST /api/plan` before it is written. */
export interface PlanReply {
  readonly statusCode: number;
  readonly correlationId: string;
  /** JSON. */
  readonly text: string;
}

/** Plans of tool calls for programs that make them themselves. */
export interface CallPlans {
  /** `signal` ends when who asked has gone. */
  plan(asked: AskedPlan, visit: IncomingMessage, signal: AbortSignal): Promise<PlanReply>;
}

export interface CallPlansOptions {
  readonly planner: CallPlanner;
  readonly withSecrets: boolean;
  readonly sanitize: (text: string) => string;
  /** Address at which the gateway makes calls itself. */
  readonly mcpUrl: () => string;
}

export function createCallPlans({ planner, withSecrets, sanitize, mcpUrl }: CallPlansOptions): CallPlans {
  return {
    async plan(asked, visit, signal) {
      const answer = await planner.plan({ ...asked, visit, signal });
      const { correlationId } = answer;
      if (answer.kind === 'refused') return { statusCode: answer.statusCode, correlationId, text: answer.text };
      if (answer.kind === 'local') {
        const message = `Server "${answer.serverId}" runs under this gateway on stdio, where nobody else can reach it: call the tool at ${mcpUrl()}.`;
        return { statusCode: answer.statusCode, correlationId, text: JSON.stringify({ error: { message } }) };
      }
      const { plan } = answer;
      const { config } = plan.server;
      if (config.type === 'stdio') throw new Error('A plan is for servers that others can reach.');
      const text = planAnswer(plan, config, { withSecrets, sanitize, now: () => new Date() });
      return { statusCode: 200, correlationId, text };
    },
  };
}
