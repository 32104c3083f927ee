import type { TraceId } from '../../src/shared/domain/ids.ts';
import type { Api } from '../bridge/bridge.ts';

/** Asks the host for the file and hands it to the browser as a download. */
export async function exportTrace(api: Api, traceId: TraceId): Promise<void> {
  const file = await api.traces.export({ traceId });
  const url = URL.createObjectURL(new Blob([file.text], { type: file.mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.fileName;
  link.click();
  URL.revokeObjectURL(url);
}
