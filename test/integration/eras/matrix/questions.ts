import { expect } from 'vitest';
import type { Client as ModernClient } from '@modelcontextprotocol/client';
import type { Json } from '../../../support/raw-session.ts';
import { textOf } from '../../../support/sdk-client.ts';
import type { Outcome } from './cells.ts';
import { FORM, ROOT, SAMPLED, type EraClient } from './era-client.ts';

interface Question {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What the server asks during the call. */
  readonly method: string;
  /** What of the client's answer the tool repeats. */
  readonly answer: string;
}

/** Calls a tool that asks its client something, and says how the question came. */
export async function asksItsClient(me: EraClient, question: Question): Promise<Outcome> {
  const { tool, args, method, answer } = question;
  const before = me.heard.length;
  const result = await me.callTool({ name: tool, arguments: { ...args } });
  expect(textOf(result)).toContain(answer);
  expect(me.heard.slice(before).map((message) => message.method)).toEqual([method]);
  if (me.manual === null) return 'yes';
  await answersByHand(me.manual, question);
  return 'as `input_required`';
}

const REPLIES: Readonly<Record<string, Json>> = {
  'elicitation/create': { action: 'accept', content: FORM },
  'sampling/createMessage': { role: 'assistant', model: 'no-model', content: { type: 'text', text: SAMPLED } },
  'roots/list': { roots: [{ uri: `file://${ROOT}`, name: ROOT }] },
};

/** The same once more, the SDK taking no part in it: this is what it saw. */
async function answersByHand(client: ModernClient, { tool, args, method, answer }: Question): Promise<void> {
  const call = { name: tool, arguments: { ...args } };
  const asked: Json = await client.callTool(call, { allowInputRequired: true });
  expect(asked).toMatchObject({ resultType: 'input_required' });
  const questions = asked['inputRequests'] as Readonly<Record<string, Json>>;
  expect(Object.values(questions)).toMatchObject([{ method }]);
  const retry = {
    ...call,
    inputResponses: Object.fromEntries(Object.keys(questions).map((key) => [key, REPLIES[method]])),
    ...('requestState' in asked && { requestState: asked['requestState'] }),
  };
  expect(textOf(await client.callTool(retry))).toContain(answer);
}
