import { describe, expect, it, onTestFinished } from 'vitest';
import type { OtlpLimits } from '../../../src/runtime/http/otlp-door.ts';
import { createReceiverTally } from '../../../src/runtime/ingest/receiver-counts.ts';
import type { SpanIngest, Taken } from '../../../src/runtime/ingest/span-ingest.ts';
import { eventually } from '../../support/eventually.ts';
import { bearer, INGEST_TOKEN, startDoors } from '../../support/headless-doors.ts';

const NOTHING: Taken = { spans: 0, payloads: 0, rejected: 0, problems: [] };

async function startReceiver(take: SpanIngest['take'], limits: Partial<OtlpLimits> = {}) {
  const tally = createReceiverTally();
  const doors = await startDoors({ receiver: { ingest: { take }, tally, closedBecause: () => null, limits } });
  onTestFinished(() => doors.stop());
  const post = (body: string): Promise<Response> =>
    fetch(`${doors.origin}/v1/traces`, {
      method: 'POST',
      body,
      headers: { ...bearer(INGEST_TOKEN), 'Content-Type': 'application/json' },
    });
  return { post, tally, doors };
}

async function expectBusy(response: Response): Promise<void> {
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toEqual({
    code: 14,
    message: 'More is coming in than can be taken: send this again in a moment.',
  });
}

describe('a receiver that has much to do', () => {
  it('S24: sends those away who come beyond its bound, and takes them again when there is room', async () => {
    const done: PromiseWithResolvers<Taken> = Promise.withResolvers();
    let begun = 0;
    const { post, tally } = await startReceiver(
      () => {
        begun += 1;
        return done.promise;
      },
      { requests: 2 },
    );
    const held = [post('{}'), post('{}')];
    await eventually('both are being taken in', () => begun === 2);
    await expectBusy(await post('{}'));
    done.resolve(NOTHING);
    for (const response of await Promise.all(held)) expect(response.status).toBe(200);
    expect((await post('{}')).status).toBe(200);
    expect(tally.counts()).toMatchObject({ requests: 4, refusedRequests: 1 });
  });

  it('S24: holds no more bytes than it may, whoever they are from', async () => {
    const done: PromiseWithResolvers<Taken> = Promise.withResolvers();
    let begun = 0;
    const { post } = await startReceiver(
      () => {
        begun += 1;
        return done.promise;
      },
      { inFlight: 1_000 },
    );
    const body = (length: number): string => `{"a":"${'x'.repeat(length)}"}`;
    await expectBusy(await post(body(1_000)));
    const held = post(body(600));
    await eventually('one is being taken in', () => begun === 1);
    await expectBusy(await post(body(600)));
    done.resolve(NOTHING);
    expect((await held).status).toBe(200);
    expect((await post(body(600))).status).toBe(200);
  });

  it('says that spans could not be stored, so that they are sent again, and why only to the log', async () => {
    const { post, doors } = await startReceiver(() => Promise.reject(new Error('disk full at /home/someone')));
    const response = await post('{}');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.text()).not.toContain('disk');
    expect(doors.reported).toEqual(['Taking in spans: disk full at /home/someone']);
  });
});
