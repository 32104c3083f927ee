import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/cli-process.ts';
import { spanNames, startHttpReceiver } from '../../support/forward-receiver.ts';
import { makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';
import { endpointAt, openDesk, spanNow } from './desk-stage.ts';

it('R84: a history that is turned on and off sends nothing twice, nothing of an earlier one, and misses nothing', async () => {
  const folder = temporaryFolder();
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'traces.db');
  const earlier = await openStore({ file });
  earlier.put({ spans: [makeSpan({ traceId: traceIdOf(90), name: 'earlier' })], payloads: [] });
  await earlier.close();

  const receiver = await startHttpReceiver();
  const { store, record, until } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
  const isSent = (traces: number) =>
    until(
      `${traces} traces were sent`,
      'collector',
      ({ state, counts }) => state === 'idle' && counts.sentTraces === traces,
    );
  const root = spanNow(1, { endTime: null });
  await record([spanNow(2), spanNow(3)]);
  await record([root]);
  await isSent(2);
  await store.moveTo(file);
  await record([spanNow(4)]);
  await isSent(3);
  await store.moveTo(null);
  await record([spanNow(1), spanNow(5, { traceId: traceIdOf(1), parentSpanId: spanIdOf(1) })]);
  const { counts } = await isSent(4);
  expect(counts).toMatchObject({ sentSpans: 5, queuedTraces: 0, droppedTraces: 0 });
  const requests = await receiver.received(3);
  expect(spanNames(requests).sort()).toEqual([1, 2, 3, 4, 5].map((number) => `span ${number}`));
});
