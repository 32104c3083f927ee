import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/gateway/clock.ts';
import type { Observer } from '../../src/gateway/observer.ts';
import { createRedactor } from '../../src/redaction/redactor.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { DEFAULT_TRACING_SETTINGS, type TracingPolicy } from '../../src/shared/domain/settings.ts';
import { createRecorder, type RecordedBatch, type Recorder } from '../../src/telemetry/recorder.ts';
import { createTracerHost } from '../../src/telemetry/tracer.ts';
import { createTracingObserver } from '../../src/telemetry/tracing-observer.ts';

export interface Recording {
  readonly observer: Observer;
  /** In force for what begins from now on. */
  set(change: Partial<TracingPolicy>): void;
  readonly recorder: Recorder;
  readonly batches: readonly RecordedBatch[];
  /** Everything that began so far, as it is now: by span id, newest record last. */
  spans(): Promise<readonly RedactedSpan[]>;
  payloads(): Promise<readonly RedactedPayload[]>;
}

/** The real SDK, recorder and redactor, with a clock that stands still unless it is told to move. */
export function startRecording(
  clock: Clock = stillClock(),
  bounds = { maxPendingSpans: 1_000, maxPendingPayload: 10_000 },
): Recording {
  const batches: RecordedBatch[] = [];
  const recorder = createRecorder({
    redactor: createRedactor({ hashKey: Buffer.alloc(32, 1) }),
    sink: (batch) => batches.push(batch),
    flushIntervalMillis: 50,
    ...bounds,
  });
  let policy: TracingPolicy = DEFAULT_TRACING_SETTINGS;
  const host = createTracerHost({ serviceName: 'throughline', serviceVersion: '1', processor: recorder });
  onTestFinished(() => host.stop());
  return {
    observer: createTracingObserver({ tracer: host.tracer, recorder, clock, policy: () => policy }),
    set(change) {
      policy = { ...policy, ...change };
    },
    recorder,
    batches,
    async spans() {
      await recorder.forceFlush();
      const newest = new Map(batches.flatMap((batch) => batch.spans).map((span) => [span.spanId, span]));
      return [...newest.values()];
    },
    async payloads() {
      await recorder.forceFlush();
      return batches.flatMap((batch) => batch.payloads);
    },
  };
}

export const STILL_MILLIS = 1_764_000_000_000;

/** `move` sets the time forward, in milliseconds. */
export function stillClock(): Clock & { move(millis: number): void } {
  let now = STILL_MILLIS;
  return {
    now: () => now,
    follow: () => undefined,
    move(millis) {
      now += millis;
    },
  };
}

export const EXCHANGE = {
  receivedAt: STILL_MILLIS,
  method: 'POST',
  route: '/servers/{id}/mcp',
  path: '/servers/one/mcp',
  query: '',
  httpVersion: '1.1',
  headers: {},
  serverPort: 4000,
  meta: null,
} as const;

/** A call of the tool `echo` at `/servers/one/mcp`. */
export const TOOL_CALL = {
  method: 'tools/call',
  requestIdText: '7',
  params: { name: 'echo', arguments: { text: 'hi', times: 2 } },
  messageText: '{"id":7}',
  target: 'echo',
  serverId: null,
  sessionId: null,
  protocolVersion: null,
  clientName: null,
  linkedMeta: null,
} as const;

/** What the gateway makes of it over stdio. */
export const UPSTREAM_CALL = {
  serverId: 'one' as ServerId,
  method: 'tools/call',
  target: 'echo',
  transport: 'stdio',
  address: null,
  attempt: 1,
} as const;

export const RESULT = { kind: 'result', isToolError: false, messageText: '{"result":{}}' } as const;
