import type { ImportReport } from '../../src/shared/contract/messages.ts';
import { MAX_FILE_BYTES } from '../../src/shared/contract/schemas.ts';
import { formatBytes, plural } from './format.ts';

/** What became of a file, in short pieces. */
export function reportWords({ format, traces, spans, payloads, skipped }: ImportReport): readonly string[] {
  return [
    format,
    plural(traces, 'trace'),
    plural(spans, 'span'),
    ...(payloads === 0 ? [] : [plural(payloads, 'body', 'bodies')]),
    ...(skipped === 0 ? [] : [`${plural(skipped, 'span')} left out`]),
  ];
}

export function tooLargeSentence(name: string, size: number): string {
  return `“${name}” has ${formatBytes(size)}. A page takes ${formatBytes(MAX_FILE_BYTES)}: use "throughline import" for this one.`;
}

export const KNOWN_FORMATS =
  'OTLP as JSON, JSON Lines or protobuf, JSON of Jaeger, Tempo and Zipkin, and session files';
