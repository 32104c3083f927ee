import { UserError } from '../../shared/kernel/user-error.ts';
import type { RuntimeServices } from '../services.ts';
import type { Implementers } from './context.ts';

const utf8 = new TextDecoder();

export function traceOperations(
  services: Pick<RuntimeServices, 'store' | 'exports'>,
  { everyPage, managingPage }: Implementers,
) {
  const { store, exports } = services;
  return {
    feed: everyPage.traces.feed.handler(({ input, signal }) => store.feed(input, signal)),
    watch: everyPage.traces.watch.handler(({ input, signal }) => store.watch(input, signal)),
    payload: everyPage.traces.payload.handler(({ input }) =>
      store.payload(input.traceId, input.spanId, input.direction),
    ),
    export: everyPage.traces.export.handler(async ({ input }) => {
      const bytes = await exports.trace(input.traceId, { format: 'otlp-json', withPayloads: false });
      if (bytes === null) throw new UserError('This trace is no longer in the store, so it cannot be exported.');
      return { fileName: `trace-${input.traceId}.otlp.json`, mediaType: 'application/json', text: utf8.decode(bytes) };
    }),
    clear: managingPage.traces.clear.handler(async () => {
      await store.clear();
      return null;
    }),
  };
}
