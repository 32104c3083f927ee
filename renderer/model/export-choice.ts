import type { ExportedFile } from '../../src/shared/contract/messages.ts';
import type { EXPORT_FORMATS } from '../../src/shared/contract/schemas.ts';
import type { TraceId } from '../../src/shared/domain/ids.ts';
import { formatBytes, plural } from './format.ts';

export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export type ExportScope = 'trace' | 'filter' | 'all';

export const FORMAT_OPTIONS: readonly {
  readonly value: ExportFormat;
  readonly label: string;
  readonly note: string;
}[] = [
  { value: 'otlp-json', label: 'OTLP/JSON', note: 'One document. Most tools read it.' },
  { value: 'otlp-jsonl', label: 'JSON Lines', note: 'One trace a line, as a collector’s file exporter writes.' },
  { value: 'otlp-proto', label: 'Protobuf', note: 'The smallest, as it travels over OTLP.' },
  { value: 'session', label: 'Session file', note: 'To be opened here again with everything in it, bodies too.' },
];

export interface ExportAsk {
  readonly scope: ExportScope;
  /** The trace that is open; null while none is. */
  readonly traceId: TraceId | null;
  /** What the list is asked for with the filter. */
  readonly query: string;
}

export type Selection = { readonly traceIds: readonly TraceId[] } | { readonly query: string };

/** What is to be exported; null while there is no such thing. */
export function selectionOf({ scope, traceId, query }: ExportAsk): Selection | null {
  if (scope === 'all') return { query: '' };
  if (scope === 'filter') return { query };
  return traceId === null ? null : { traceIds: [traceId] };
}

/** A session file is made to be opened with everything in it. */
export function takesBodies(format: ExportFormat, wanted: boolean): boolean {
  return wanted || format === 'session';
}

/** What leaves, in one line (R22). */
export function leavesWords(withBodies: boolean): string {
  return withBodies
    ? 'What leaves: finished spans, and what was sent and answered as it is shown here. All of it is redacted once more by the rules of now.'
    : 'What leaves: names, times, attributes and events of finished spans, redacted once more by the rules of now. Nothing of what was sent or answered.';
}

export function exportedWords(file: ExportedFile): string {
  return `${file.fileName}: ${plural(file.traces, 'trace')}, ${formatBytes(bytesOfBase64(file.base64))}.`;
}

/** Four characters stand for three bytes, but for what fills up the last four. */
export function bytesOfBase64(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** The sentence of an export that was blocked says itself where to go; here it can be gone there. */
export function leadsToRedaction(sentence: string): boolean {
  return sentence.includes('page about redaction');
}
