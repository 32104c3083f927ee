import { onTestFinished } from 'vitest';
import type { StoreLimits, TraceStore, TraceStoreOptions } from '../../src/store/port.ts';
import { createTraceStore } from '../../src/store/worker-store.ts';

export const STORE_WORKER_URL = new URL('../../src/store/worker/main.ts', import.meta.url);

const AMPLE_BYTES = 256 * 1024 * 1024;

export interface OpenStoreOptions extends Partial<Omit<TraceStoreOptions, 'limits'>> {
  readonly budgetBytes?: number;
  readonly limits?: Partial<StoreLimits>;
}

/** A store in a real worker, in memory and ample unless told otherwise, closed when the test ends. */
export async function openStore({
  budgetBytes = AMPLE_BYTES,
  limits,
  ...options
}: OpenStoreOptions = {}): Promise<TraceStore> {
  const store = await createTraceStore({
    workerUrl: STORE_WORKER_URL,
    file: null,
    ...options,
    limits: { bytes: budgetBytes, traces: 0, days: 0, ...limits },
  });
  onTestFinished(() => store.close());
  return store;
}
