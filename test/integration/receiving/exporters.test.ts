import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/cli-process.ts';
import { outline, spanNamed } from '../../support/otlp.ts';
import { startReceivingApp, type ReceivingApp } from '../../support/receiving-app.ts';
import { traceparentOf } from '../../support/stock-sdk.ts';

/** Of one call below a span of the agent's. */
const CALL_TREE = [
  'POST /servers/{id}/mcp',
  '  tool.invoke',
  '    mcp.client.call',
  '      mcp.client.request',
  '      mcp.client.response',
];

describe('spans that the stock exporters send', () => {
  let receiving: ReceivingApp;
  beforeAll(async () => {
    receiving = await startReceivingApp();
  }, 60_000);
  afterAll(() => receiving[Symbol.asyncDispose]());

  it.each([
    ['protobuf', 'none'],
    ['protobuf', 'gzip'],
    ['json', 'none'],
    ['json', 'gzip'],
  ] as const)('R96: as %s (%s) join the tree, also when they come after it', async (protocol, compression) => {
    const agent = receiving.sdk({ protocol, compression, service: `agent-${protocol}-${compression}` });
    const session = await receiving.session();
    const turn = agent.begin('agent.turn');
    const tool = agent.begin('agent.tool', turn);
    const { traceId } = turn.spanContext();
    await session.callTool('echo_text', { text: 'x' }, { traceparent: traceparentOf(tool) });
    await receiving.spansOf(traceId, 5);
    expect(await receiving.summary(traceId)).toMatchObject({
      name: 'POST /servers/{id}/mcp',
      remoteParentMissing: true,
      services: ['throughline'],
    });
    tool.end();
    await agent.send(agent.take());
    turn.setAttribute('gen_ai.agent.name', 'planner').addEvent('thought', { words: 3 });
    turn.end();
    await agent.send(agent.take());
    const spans = await receiving.spansOf(traceId, 7);
    expect(outline(spans)).toEqual(['agent.turn', '  agent.tool', ...CALL_TREE.map((line) => `    ${line}`)]);
    expect(spanNamed(spans, 'agent.turn')).toMatchObject({
      kind: 'INTERNAL',
      service: `agent-${protocol}-${compression}`,
      attributes: { 'gen_ai.agent.name': 'planner' },
      events: [{ name: 'thought', attributes: { words: 3 } }],
    });
    const summary = await receiving.summary(traceId);
    expect(summary).toMatchObject({ name: 'agent.turn', remoteParentMissing: false });
    expect([...(summary?.services ?? [])].sort()).toEqual([`agent-${protocol}-${compression}`, 'throughline']);
  });

  it('R96: in any order, and however often, are one tree', async () => {
    const agent = receiving.sdk();
    const turn = agent.begin('agent.turn');
    const steps = [1, 2, 3].map((number) => agent.begin(`step ${number}`, turn));
    for (const step of steps.toReversed()) step.end();
    turn.end();
    const [...ended] = agent.take();
    const { traceId } = turn.spanContext();
    await agent.send(ended.toReversed());
    const once = await receiving.spansOf(traceId, 4);
    const before = await receiving.summary(traceId);
    for (const order of [ended, ended.toReversed(), ended.slice(1, 2), [...ended, ...ended]]) await agent.send(order);
    expect(await receiving.spansOf(traceId, 4)).toEqual(once);
    expect(await receiving.summary(traceId)).toEqual(before);
    expect(outline(once)).toEqual(['agent.turn', '  step 1', '  step 2', '  step 3']);
  });

  it('R96: all come in when two hundred requests come at once, and calls go on', async () => {
    const agent = receiving.sdk({ compression: 'gzip' });
    const session = await receiving.session();
    const turn = agent.begin('agent.turn');
    const { traceId } = turn.spanContext();
    for (let number = 0; number < 2_000; number += 1) agent.begin(`step ${number}`, turn).end();
    turn.end();
    const ended = agent.take();
    const requests = Array.from({ length: 200 }, (_, index) => agent.send(ended.filter((_, at) => at % 200 === index)));
    const traceparent = traceparentOf(turn);
    await Promise.all([...requests, session.callTool('echo_text', { text: 'x' }, { traceparent })]);
    const spans = await receiving.spansOf(traceId, 2_006);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(2_006);
    expect(
      (await receiving.app.page.traces.feed({ cursor: null, query: '', limit: 1, waitMs: 0 })).stats,
    ).toMatchObject({ droppedSpans: 0, droppedPayloads: 0 });
  });

  it('R96: never take the place of what the gateway recorded itself, before or after it did', async () => {
    const session = await receiving.session();
    const forger = receiving.sdk({ service: 'throughline' });
    const turn = forger.begin('agent.turn');
    const { traceId } = turn.spanContext();
    turn.end();
    const [original] = forger.take();
    if (original === undefined) throw new Error('No span to forge with.');
    const asForged = (spanId: string): typeof original => {
      const spanContext = () => ({ traceId, spanId, traceFlags: 1 });
      return Object.create(original, { name: { value: 'forged' }, spanContext: { value: spanContext } }) as never;
    };
    await session.callTool('echo_text', { text: 'x' }, { traceparent: traceparentOf(turn) });
    const recorded = await receiving.spansOf(traceId, 5);
    await forger.send(recorded.map(({ spanId }) => asForged(spanId)));
    expect(await receiving.spansOf(traceId, 5)).toEqual(recorded);

    const path = join(temporaryFolder(), 'go-on');
    const slow = session.callTool('wait_for_file', { path }, { traceparent: traceparentOf(turn) });
    const open = await receiving.openSpans(traceId);
    await forger.send(open.map(({ spanId }) => asForged(spanId)));
    writeFileSync(path, '');
    await slow;
    const names = (await receiving.spansOf(traceId, 10)).map(({ name }) => name);
    expect(names).not.toContain('forged');
    expect(names).toHaveLength(10);
  });

  it('S25: are redacted like all others, names and resource too', async () => {
    const secret = 'ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5';
    const { token } = receiving.app.runtime.otlp;
    const agent = receiving.sdk({ service: `service of ${secret}` });
    const turn = agent.begin(`turn with ${secret}`);
    turn.setAttributes({ password: 'correct horse', 'env.line': `OTEL=${token}` }).end();
    const { traceId } = turn.spanContext();
    await agent.send(agent.take());
    const text = JSON.stringify(await receiving.spansOf(traceId, 1), (_, value: unknown) =>
      typeof value === 'bigint' ? '' : value,
    );
    for (const hidden of [secret, 'correct horse', token]) expect(text).not.toContain(hidden);
    const { receiver } = await receiving.app.page.settings.watch({ cursor: null, waitMs: 0 });
    expect(receiver.services[0]).toBe('service of •••');
  });
});
