import type { ForwardStatus } from '../../../src/shared/contract/messages.ts';
import { ENDPOINT_DEFAULTS } from '../../../src/shared/domain/forwarding.ts';
import type { MemoryBridge } from '../../support/memory-bridge.ts';
import { traceIdOf } from '../../support/make-trace.ts';

const NO_COUNTS = { sentTraces: 0, sentSpans: 0, queuedTraces: 0, droppedTraces: 0, rejectedSpans: 0 };

function endpoint(wish: Partial<ForwardStatus> & Pick<ForwardStatus, 'name' | 'url'>): ForwardStatus {
  const { headers: _, ...defaults } = ENDPOINT_DEFAULTS;
  return {
    ...defaults,
    headerNames: [],
    source: 'saved',
    state: 'idle',
    counts: NO_COUNTS,
    lastError: null,
    lastSentAt: null,
    ...wish,
  };
}

const SAMPLE = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'throughline' } }] },
      scopeSpans: [
        {
          scope: { name: 'throughline', version: '0.1.0' },
          spans: [
            {
              traceId: traceIdOf(4),
              spanId: '00000000000000b1',
              name: 'tool.invoke',
              kind: 1,
              startTimeUnixNano: '1764000000000000000',
              endTimeUnixNano: '1764000000041800000',
              attributes: [
                { key: 'mcp.method.name', value: { stringValue: 'tools/call' } },
                { key: 'gen_ai.tool.name', value: { stringValue: 'read_text_file' } },
                { key: 'url.full', value: { stringValue: 'http://127.0.0.1:4318/mcp?key=•••' } },
              ],
              status: { code: 2, message: "ENOENT: no such file or directory, open '/srv/notes/missing.md'" },
            },
          ],
        },
      ],
    },
  ],
};

/** Endpoints in every state, and what would leave for them. */
export function forwarding(bridge: MemoryBridge): void {
  const now = Date.now();
  bridge.forwarding.setEndpoints([
    endpoint({
      name: 'environment',
      url: 'http://127.0.0.1:4318/v1/traces',
      source: 'environment',
      state: 'sending',
      counts: { ...NO_COUNTS, sentTraces: 1_204, sentSpans: 7_311, queuedTraces: 3 },
      lastSentAt: now - 2_000,
    }),
    endpoint({
      name: 'Tempo of the team',
      url: 'https://otlp.eu-west.tempo.example.com:443/tenants/4417/v1/traces',
      headerNames: ['authorization', 'x-scope-orgid'],
      filter: 'status:error server:github',
      payloads: { requests: ['tool.invoke'], responses: 'none' },
      counts: { sentTraces: 41, sentSpans: 268, queuedTraces: 0, droppedTraces: 0, rejectedSpans: 2 },
      lastSentAt: now - 61_000,
    }),
    endpoint({
      name: 'Collector',
      url: 'http://10.20.0.7:4317',
      protocol: 'grpc',
      state: 'failing',
      sampling: 'all',
      counts: { sentTraces: 12, sentSpans: 80, queuedTraces: 512, droppedTraces: 31, rejectedSpans: 0 },
      lastError: 'Nobody answers at 10.20.0.7:4317 (connection refused). It will be tried again in 32 s.',
      lastSentAt: now - 900_000,
    }),
    endpoint({ name: 'Jaeger', url: 'http://127.0.0.1:14318', protocol: 'http/json', state: 'off', isEnabled: false }),
  ]);
  bridge.forwarding.setSample({
    matching: 12,
    stored: 64,
    sample: { traceId: traceIdOf(4), json: JSON.stringify(SAMPLE), spans: 5 },
  });
}

/** What was set, and what came. */
export function settings(bridge: MemoryBridge): void {
  bridge.settings.set({
    capture: { requests: 'all', responses: ['tool.invoke', 'resource.read'] },
    keepsHistory: true,
    retention: { days: 30, traces: 0, megabytes: 256 },
  });
  bridge.settings.setReceiver({
    acceptedSpans: 4_182,
    rejectedSpans: 3,
    requests: 611,
    services: ['planner', 'github-server', 'postgres-proxy'],
  });
  bridge.setStats({ bytes: 61_400_000, evictedTraces: 3 });
}

/** What files turn out to be. */
export function files(bridge: MemoryBridge): void {
  bridge.files.putReport('jaeger.json', {
    format: 'Jaeger JSON',
    traces: 12,
    spans: 340,
    skipped: 2,
    problems: ['2 spans have no id and were left out.'],
    newestTraceId: traceIdOf(4),
  });
  bridge.files.putReport('session.jsonl', { format: 'Session', traces: 3, spans: 18, payloads: 6 });
  bridge.files.putReport('notes.txt', 'This is not a file with traces: it is neither JSON nor protobuf.');
}
