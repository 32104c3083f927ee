import type { Context } from '@opentelemetry/api';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRedactor } from '../../src/redaction/redactor.ts';
import { recorderInto } from '../../src/runtime/recording.ts';
import type { SpanId } from '../../src/shared/domain/ids.ts';
import { decodeSpans } from '../../src/store/codec/span-rows.ts';
import { PutQueue } from '../../src/store/client/put-queue.ts';
import { createTracerHost } from '../../src/telemetry/tracer.ts';

/** What may be lost when the process is killed, in milliseconds. */
const MOST_MILLIS = 250;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** All that waits between a span's end and the worker that writes it down at once: the recorder and the queue. */
function startWay() {
  /** When each span was handed to the worker as ended, by its id. */
  const handedOver = new Map<SpanId, number>();
  const queue = new PutQueue((batch) => {
    for (const [index, traceId] of batch.traceIds.entries())
      for (const span of decodeSpans(batch.spans[index] ?? '', traceId))
        if (span.endTime !== null && !handedOver.has(span.spanId)) handedOver.set(span.spanId, performance.now());
    queue.settled(true, 0);
  });
  const redactor = createRedactor({ hashKey: Buffer.alloc(32, 1) });
  const recorder = recorderInto(
    {
      put: (batch) => {
        queue.put(batch);
      },
    },
    redactor,
  );
  const host = createTracerHost({ serviceName: 'throughline', serviceVersion: '1', processor: recorder });
  onTestFinished(() => host.stop());
  const start = (name: string, parent: Context = ROOT_CONTEXT) => {
    const span = host.tracer.startSpan(name, {}, parent);
    return { span, id: span.spanContext().spanId as SpanId, context: trace.setSpan(parent, span) };
  };
  return { handedOver, start };
}

describe('the way of a span to the worker that writes it down', () => {
  it('R86: takes at most 250 ms from its end, whenever in a flush it ends and whether its trace goes on or not', async () => {
    const { handedOver, start } = startWay();
    const ended = new Map<SpanId, number>();
    const end = ({ span, id }: ReturnType<typeof start>): void => {
      span.end();
      ended.set(id, performance.now());
    };
    for (let round = 0; round < 120; round += 1) {
      const root = start('POST /mcp');
      const child = start('tool.invoke', root.context);
      // At every moment of the recorder's and the queue's intervals, which are shorter than that.
      await vi.advanceTimersByTimeAsync(round);
      end(child);
      await vi.advanceTimersByTimeAsync(7);
      if (round % 3 !== 0) end(root);
    }
    await vi.advanceTimersByTimeAsync(MOST_MILLIS);
    expect([...handedOver.keys()].sort()).toEqual([...ended.keys()].sort());
    const waits = [...ended].map(([id, at]) => (handedOver.get(id) ?? Number.POSITIVE_INFINITY) - at);
    expect(Math.max(...waits)).toBeLessThanOrEqual(MOST_MILLIS);
  });

  it('R86: is not longer for a trace that changes all the time', async () => {
    const { handedOver, start } = startWay();
    const root = start('POST /mcp');
    for (let round = 0; round < 300; round += 1) {
      const child = start('mcp.client.call', root.context);
      child.span.end();
      const ended = performance.now();
      await vi.advanceTimersByTimeAsync(5);
      if (round % 50 !== 49) continue;
      await vi.advanceTimersByTimeAsync(MOST_MILLIS);
      expect((handedOver.get(child.id) ?? Number.POSITIVE_INFINITY) - ended).toBeLessThanOrEqual(MOST_MILLIS);
    }
  });
});
