import { onTestFinished } from 'vitest';
import type { TraceStore, TraceStoreOptions } from '../../src/store/port.ts';
import { createTraceStore } from '../../src/store/worker-store.ts';

export const STORE_WORKER_URL = new URL('../../src/store/worker/main.ts', import.meta.url);

const AMPLE_BYTES = 256 * 1024 * 1024;

/** A store in a real worker, in memory and ample unless told otherwise, closed when the test ends. */
export async function openStore(options: Partial<TraceStoreOptions> = {}): Promise<TraceStore> {
  const store = await createTraceStore({
    workerUrl: STORE_WORKER_URL,
    file: null,
    budgetBytes: AMPLE_BYTES,
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}
