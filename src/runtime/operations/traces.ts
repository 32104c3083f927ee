import type { EXPORT_FORMATS } from '../../shared/contract/schemas.ts';
import { MAX_FILE_BYTES } from '../../shared/contract/schemas.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import type { ExportFormat, RuntimeServices, TraceSelection } from '../services.ts';
import type { Implementers } from './context.ts';

const FILES: Readonly<
  Record<(typeof EXPORT_FORMATS)[number], { readonly ending: string; readonly mediaType: string }>
> = {
  'otlp-json': { ending: 'otlp.json', mediaType: 'application/json' },
  'otlp-jsonl': { ending: 'otlp.jsonl', mediaType: 'application/x-ndjson' },
  'otlp-proto': { ending: 'otlp.pb', mediaType: 'application/x-protobuf' },
  session: { ending: 'session.jsonl', mediaType: 'application/x-ndjson' },
};

export function traceOperations(
  services: Pick<RuntimeServices, 'store' | 'exports' | 'imports'>,
  { everyPage, managingPage }: Implementers,
) {
  const { store, exports, imports } = services;
  return {
    feed: everyPage.traces.feed.handler(({ input, signal }) => store.feed(input, signal)),
    watch: everyPage.traces.watch.handler(({ input, signal }) => store.watch(input, signal)),
    payload: everyPage.traces.payload.handler(({ input }) =>
      store.payload(input.traceId, input.spanId, input.direction),
    ),
    export: everyPage.traces.export.handler(async ({ input: { selection, format, withPayloads } }) => {
      const { bytes, traces } = await exports.selected(selection, { format, withPayloads });
      if (traces === 0) throw new UserError(nothingToExport(selection));
      if (bytes.byteLength > MAX_FILE_BYTES) throw new UserError(tooMuchToExport(selection, format));
      const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
      return { fileName: fileNameOf(selection, format), mediaType: FILES[format].mediaType, base64, traces };
    }),
    // What comes in joins what is shown to everybody: only for who may also clear it.
    import: managingPage.traces.import.handler(({ input }) =>
      imports.file(input.fileName, Buffer.from(input.base64, 'base64')),
    ),
    clear: managingPage.traces.clear.handler(async () => {
      await store.clear();
      return null;
    }),
  };
}

function nothingToExport(selection: TraceSelection): string {
  if ('query' in selection) return 'No trace matches this filter: nothing is exported.';
  return selection.traceIds.length === 1
    ? 'This trace is no longer in the store, so it cannot be exported.'
    : 'These traces are no longer in the store, so they cannot be exported.';
}

function tooMuchToExport(selection: TraceSelection, format: ExportFormat): string {
  const what = 'query' in selection ? ' --query QUERY' : '';
  return `This is more than the 32 MiB a page is given: use "throughline export --format ${format}${what} --out FILE".`;
}

function fileNameOf(selection: TraceSelection, format: ExportFormat): string {
  const { ending } = FILES[format];
  const only = 'traceIds' in selection && selection.traceIds.length === 1 ? selection.traceIds[0] : undefined;
  return only === undefined ? `traces.${ending}` : `trace-${only}.${ending}`;
}
