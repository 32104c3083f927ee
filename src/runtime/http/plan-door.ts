import type { IncomingMessage, ServerResponse } from 'node:http';
import { discardRest, readBody } from '../../gateway/edges/body.ts';
import { PLAN_ROUTE } from '../../gateway/plan/call-planner.ts';
import type { ReportFailure } from '../log.ts';
import type { CallPlans } from '../plan/call-plans.ts';
import { readPlanRequest } from '../plan/plan-request.ts';
import type { HttpDoor } from './http-door.ts';
import { sendBytes, sendError, sendMethodNotAllowed } from './replies.ts';

export interface PlanDoorOptions {
  readonly plans: CallPlans;
  readonly maxBodyBytes: number;
  readonly report: ReportFailure;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** `POST /api/plan`: everything another program needs to make a tool call itself, in the trace of whoever asked. */
export function createPlanDoor(options: PlanDoorOptions): HttpDoor {
  return {
    handle(request, response, url) {
      if (url.pathname !== PLAN_ROUTE) return false;
      if (request.method === 'POST') take(request, response, options);
      else sendMethodNotAllowed(response, PLAN_ROUTE, ['POST']);
      return true;
    },
  };
}

function take(request: IncomingMessage, response: ServerResponse, options: PlanDoorOptions): void {
  const { maxBodyBytes, report } = options;
  readBody(request, maxBodyBytes, (body) => {
    if (body.ok) {
      answer(body.value, request, response, options).catch((thrown: unknown) => {
        report('Planning a call', thrown);
        sendError(response, PLAN_ROUTE, 500, 'The gateway failed to plan this call: its log says why.');
      });
      return;
    }
    if (body.error === 'disconnected') return;
    const message = `The request is larger than ${maxBodyBytes} bytes, the most this gateway takes (gateway.maxBodyBytes).`;
    sendError(response, PLAN_ROUTE, 413, message);
    discardRest(request);
  });
}

async function answer(
  body: string,
  request: IncomingMessage,
  response: ServerResponse,
  { plans }: PlanDoorOptions,
): Promise<void> {
  const asked = readPlanRequest(body);
  if (!asked.ok) {
    sendError(response, PLAN_ROUTE, 400, asked.error);
    return;
  }
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  const { statusCode, correlationId, text } = await plans.plan(asked.value, request, gone.signal);
  sendBytes(response, statusCode, JSON_TYPE, Buffer.from(text), { 'X-Correlation-Id': correlationId });
}
