import { ORPCError } from '@orpc/client';
import type { Api } from '../../renderer/bridge/bridge.ts';
import type { ImportReport } from '../../src/shared/contract/messages.ts';

/** Files that leave and come, without anybody to write or read them. */
export interface MemoryFiles {
  readonly api: Pick<Api['traces'], 'export' | 'import'>;
  /** What was asked to be exported, oldest first. */
  readonly exported: readonly Parameters<Api['traces']['export']>[0][];
  /** The sentence with which exports fail; null lets them. */
  setExportRefusal(sentence: string | null): void;
  /** What becomes of a file of this name: a report, or the sentence of a refusal. */
  putReport(fileName: string, report: Partial<ImportReport> | string): void;
}

const PLAIN_REPORT: Omit<ImportReport, 'fileName'> = {
  format: 'OTLP JSON',
  traces: 1,
  spans: 3,
  payloads: 0,
  skipped: 0,
  problems: [],
  newestTraceId: null,
};

export function createMemoryFiles(mustManage: () => void, called: (name: string) => Promise<null>): MemoryFiles {
  const exported: Parameters<Api['traces']['export']>[0][] = [];
  const reports = new Map<string, Partial<ImportReport> | string>();
  let refusal: string | null = null;
  return {
    exported,
    setExportRefusal(sentence) {
      refusal = sentence;
    },
    putReport: (fileName, report) => void reports.set(fileName, report),
    api: {
      export: async (request) => {
        exported.push(request);
        if (refusal !== null) throw new ORPCError('BAD_REQUEST', { message: refusal });
        await called('traces.export');
        const { selection } = request;
        const traces = 'traceIds' in selection ? selection.traceIds.length : 2;
        const text = JSON.stringify({ resourceSpans: [] });
        return { fileName: 'traces.otlp.json', mediaType: 'application/json', base64: btoa(text), traces };
      },
      import: async ({ fileName }) => {
        mustManage();
        await called('traces.import');
        const report = reports.get(fileName) ?? {};
        if (typeof report === 'string') throw new ORPCError('BAD_REQUEST', { message: report });
        return { fileName, ...PLAIN_REPORT, ...report };
      },
    },
  };
}
