import { unixNano } from '../../src/shared/domain/ids.ts';
import type { SpanId, TraceId } from '../../src/shared/domain/ids.ts';
import type { SpanRecord } from '../../src/shared/domain/span.ts';

const START = 1_771_840_800_123_456_789n;
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736' as TraceId;
const AGENT = '00f067aa0ba902b7' as SpanId;
const NOTHING_DROPPED = { attributes: 0, events: 0, links: 0 };

/** The two spans that the files of test/fixtures/otlp/files tell of, as OTLP has them. */
export const AGENT_SPAN: SpanRecord = {
  traceId: TRACE_ID,
  spanId: AGENT,
  parentSpanId: null,
  parentIsRemote: false,
  traceState: null,
  name: 'plan trip',
  kind: 'internal',
  startTime: unixNano(START),
  endTime: unixNano(START + 900_000_001n),
  status: { code: 'ok', message: null },
  attributes: {
    'gen_ai.agent.name': 'Kōbō ✈',
    'gen_ai.usage.input_tokens': 1824,
    'gen_ai.request.temperature': 0.2,
    'gen_ai.request.stop_sequences': ['END', 'STOP'],
    retried: false,
  },
  events: [{ name: 'plan ready', time: unixNano(START + 100_000_000n), attributes: { steps: 3 } }],
  links: [],
  origin: {
    resource: { 'service.name': 'travel-agent', 'process.pid': 4711 },
    scopeName: 'agent',
    scopeVersion: '2.1.0',
  },
  dropped: { ...NOTHING_DROPPED, attributes: 2 },
};

export const SERVER_SPAN: SpanRecord = {
  traceId: TRACE_ID,
  spanId: 'b9c7c989f97918e1' as SpanId,
  parentSpanId: AGENT,
  parentIsRemote: true,
  traceState: 'vendor=abc',
  name: 'tools/call forecast',
  kind: 'server',
  startTime: unixNano(START + 200_000_000n),
  endTime: unixNano(START + 700_000_000n),
  status: { code: 'error', message: 'The station did not answer.' },
  attributes: { 'mcp.method.name': 'tools/call', 'error.type': 'timeout' },
  events: [],
  links: [
    {
      traceId: '5bf92f3577b34da6a3ce929d0e0e4737' as TraceId,
      spanId: 'e457b5a2e4d86bd1' as SpanId,
      attributes: { why: 'batch' },
    },
  ],
  origin: { resource: { 'service.name': 'weather-server' }, scopeName: 'mcp.server', scopeVersion: null },
  dropped: NOTHING_DROPPED,
};
