import type { RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import type { SpanWish } from '../../support/make-trace.ts';
import { makeSpan, makeSummary } from '../../support/make-trace.ts';
import type { MemoryBridge } from '../../support/memory-bridge.ts';

const TRACE = 8_000;
const SPAN = 800_000;

const SERVER_ID = 'throughline.server.id';

type SpanMaker = (id: number, parent: number | null, rest: Partial<SpanWish>) => RedactedSpan;

/** A call within an agent's own trace, named as the conventions have it, whose server's clock is behind. */
export function joined(bridge: MemoryBridge): void {
  const origin = Date.now() - 3_000;
  const make: SpanMaker = (id, parent, rest) =>
    makeSpan({ id: SPAN + id, parent: parent === null ? null : SPAN + parent, trace: TRACE, origin, ...rest });
  const call = { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'plan_trip' };
  const spans = [
    make(0, null, { name: 'chat gpt-5', kind: 'client', service: 'planner', end: 940 }),
    make(1, 0, { name: 'execute_tool plan_trip', service: 'planner', start: 60, end: 900 }),
    make(2, 1, {
      name: 'POST /mcp',
      kind: 'server',
      start: 70,
      end: 890,
      parentIsRemote: true,
      attributes: { 'http.request.method': 'POST' },
    }),
    make(3, 2, {
      name: 'tools/call plan_trip',
      kind: 'server',
      start: 71,
      end: 888,
      attributes: call,
      events: [1, 2, 3].map((step) => ({
        name: 'mcp.notification',
        at: 150 * step,
        attributes: {
          'mcp.method.name': 'notifications/progress',
          'throughline.progress': step,
          'throughline.progress.total': 3,
        },
      })),
    }),
    make(4, 3, {
      name: 'tools/call plan_trip',
      kind: 'client',
      start: 73,
      end: 886,
      attributes: { ...call, [SERVER_ID]: 'travel' },
    }),
    make(5, 4, { name: 'mcp.client.request', start: 74, end: 880 }),
    make(6, 5, {
      name: 'handle plan_trip',
      kind: 'server',
      service: 'travel-server',
      start: -46,
      end: 700,
      parentIsRemote: true,
    }),
    make(7, 6, { name: 'SELECT flights', kind: 'client', service: 'travel-server', start: 20, end: 180 }),
    ...questions(make),
  ];
  const summary = makeSummary({
    id: TRACE,
    start: origin,
    took: 940,
    target: 'plan_trip',
    servers: ['travel'],
    client: 'planner',
    spanCount: spans.length,
  });
  bridge.putTrace({
    summary: { ...summary, name: 'chat gpt-5', services: ['planner', 'throughline', 'travel-server'] },
    spans,
    payloads: [],
  });
}

/** What its server asks meanwhile. */
function questions(make: SpanMaker): readonly RedactedSpan[] {
  return [
    make(8, 4, {
      name: 'sampling/createMessage',
      kind: 'client',
      start: 300,
      end: 520,
      attributes: { 'mcp.method.name': 'sampling/createMessage', [SERVER_ID]: 'travel' },
    }),
    make(9, 4, {
      name: 'elicitation/create',
      kind: 'client',
      start: 540,
      end: 700,
      attributes: {
        'mcp.method.name': 'elicitation/create',
        [SERVER_ID]: 'travel',
        'throughline.elicitation.action': 'decline',
      },
    }),
  ];
}
