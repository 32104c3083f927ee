import type { TraceStore } from '../store/port.ts';

/**
 * A store whose questions see what was recorded before they were asked: a script that makes a call and then reads its
 * trace finds it, although spans are handed over in batches. The pulling feeds are left as they are; they learn of the
 * next batch anyway.
 */
export function readYourWrites(store: TraceStore, handOver: () => Promise<void>): TraceStore {
  return {
    put(batch) {
      store.put(batch);
    },
    feed: (request, signal) => store.feed(request, signal),
    watch: (request, signal) => store.watch(request, signal),
    async flush() {
      await handOver();
      await store.flush();
    },
    async list(query, limit) {
      await handOver();
      return await store.list(query, limit);
    },
    async trace(traceId) {
      await handOver();
      return await store.trace(traceId);
    },
    async payload(traceId, spanId, direction) {
      await handOver();
      return await store.payload(traceId, spanId, direction);
    },
    async payloads(traceId) {
      await handOver();
      return await store.payloads(traceId);
    },
    async trail(hash) {
      await handOver();
      return await store.trail(hash);
    },
    async revise(revision) {
      await handOver();
      return await store.revise(revision);
    },
    retain: (limits) => store.retain(limits),
    moveTo: (file) => store.moveTo(file),
    note: (name) => store.note(name),
    keepNote: (name, text) => store.keepNote(name, text),
    async clear() {
      await handOver();
      await store.clear();
    },
    async stats() {
      await handOver();
      return await store.stats();
    },
    close: () => store.close(),
  };
}
