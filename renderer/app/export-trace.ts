import type { TraceId } from '../../src/shared/domain/ids.ts';
import type { Api } from '../bridge/bridge.ts';

/** Asks the host for the file and hands it to the browser as a download. */
export async function exportTrace(api: Api, traceId: TraceId): Promise<void> {
  const selection = { traceIds: [traceId] };
  const file = await api.traces.export({ selection, format: 'otlp-json', withPayloads: false });
  const bytes = Uint8Array.from(atob(file.base64), (character) => character.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: file.mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.fileName;
  link.click();
  URL.revokeObjectURL(url);
}
