import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinTrace, leaveTrace } from '../../src/upstream-sdk/index.ts';

type Json = Readonly<Record<string, unknown>>;

class Transport {
  onmessage: ((message: Json) => void) | undefined;
  onerror: ((error: unknown) => void) | undefined;
  start(): void {
    // Nothing to begin with.
  }
}

/** What a server does that nobody waits for: it is there once `connect` was called. */
function serverThat(handles: (message: Json) => void): { connect(transport: Transport): Promise<void> } {
  return {
    async connect(transport) {
      transport.onmessage = handles;
      transport.start();
    },
  };
}

describe('a server that is called before OpenTelemetry is loaded', () => {
  const exporter = new InMemorySpanExporter();
  const spans = (): readonly string[] => exporter.getFinishedSpans().map(({ name }) => name);

  beforeEach(() => {
    exporter.reset();
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  });

  // The next test loads anew.
  afterEach(async () => {
    await leaveTrace();
    trace.disable();
  });

  it('has a span for each message, in the order in which they came, in whose context they came', async () => {
    const requests = new AsyncLocalStorage<string>();
    const handled: unknown[] = [];
    const server = joinTrace(serverThat(({ method }) => handled.push([method, requests.getStore()])));
    const transport = new Transport();
    const connected = server.connect(transport);
    requests.run('first', () => transport.onmessage?.({ method: 'notifications/one' }));
    requests.run('second', () => transport.onmessage?.({ method: 'notifications/two' }));
    expect(handled).toEqual([]);
    await connected;
    transport.onmessage?.({ method: 'notifications/three' });
    expect(handled).toEqual([
      ['notifications/one', 'first'],
      ['notifications/two', 'second'],
      ['notifications/three', undefined],
    ]);
    expect(spans()).toEqual(['notifications/one', 'notifications/two', 'notifications/three']);
  });

  it('is told by the transport of what handling one throws', async () => {
    const errors: unknown[] = [];
    const transport = new Transport();
    transport.onerror = (error) => errors.push(error);
    const broken = new Error('broken');
    const server = joinTrace(
      serverThat(() => {
        throw broken;
      }),
    );
    const connected = server.connect(transport);
    transport.onmessage?.({ method: 'notifications/one' });
    await connected;
    expect(errors).toEqual([broken]);
  });

  it('keeps a thousand messages waiting at most, and goes on without spans when more come', async () => {
    const handled: unknown[] = [];
    const server = joinTrace(serverThat(({ index }) => handled.push(index)));
    const transport = new Transport();
    const connected = server.connect(transport);
    const all = Array.from({ length: 1_001 }, (_, index) => index);
    for (const index of all) transport.onmessage?.({ method: 'notifications/one', index });
    expect(handled).toEqual(all);
    await connected;
    expect(spans()).toEqual([]);
    transport.onmessage?.({ method: 'notifications/two' });
    expect(spans()).toEqual(['notifications/two']);
  });
});
