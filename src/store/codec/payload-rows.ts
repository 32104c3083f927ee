import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { Finding, PayloadDirection, RedactedPayload } from '../../shared/domain/redacted.ts';
import type { PayloadInfo } from '../../shared/domain/trace.ts';
import { fromWord, toWord, type Word } from './known-words.ts';

/** What is known of a captured body; its text stands among the texts, at the same place. */
export type PayloadRow = readonly [
  spanId: SpanId,
  direction: 0 | 1,
  mediaType: Word,
  /** In UTF-16 code units. */
  textLength: number,
  originalBytes: number,
  truncated: 0 | 1,
  findings?: readonly Finding[],
];

export interface PayloadTexts {
  /** JSON text of PayloadRow[]; empty when there is none. */
  readonly payloads: string;
  readonly texts: string;
}

const NO_PAYLOADS: PayloadTexts = { payloads: '', texts: '' };

/** Between two texts, so that a search does not find what stands across their border. */
const BORDER = '\u0001';

export function encodePayloads(payloads: readonly RedactedPayload[]): PayloadTexts {
  if (payloads.length === 0) return NO_PAYLOADS;
  let texts = '';
  const rows: PayloadRow[] = [];
  for (const payload of payloads) {
    texts += texts === '' && rows.length === 0 ? payload.text : BORDER + payload.text;
    rows.push(rowOf(payload));
  }
  return { payloads: JSON.stringify(rows), texts };
}

function rowOf({
  spanId,
  direction,
  mediaType,
  text,
  originalBytes,
  truncated,
  findings,
}: RedactedPayload): PayloadRow {
  const direct = direction === 'request' ? 0 : 1;
  const row = [spanId, direct, toWord(mediaType), text.length, originalBytes, truncated ? 1 : 0] as const;
  return findings.length === 0 ? row : [...row, findings];
}

export function parsePayloads(payloads: string): readonly PayloadRow[] {
  return payloads === '' ? [] : (JSON.parse(payloads) as PayloadRow[]);
}

export function directionOf(row: PayloadRow): PayloadDirection {
  return row[1] === 0 ? 'request' : 'response';
}

export function payloadInfo(row: PayloadRow): PayloadInfo {
  return {
    spanId: row[0],
    direction: directionOf(row),
    mediaType: fromWord(row[2]),
    originalBytes: row[4],
    truncated: row[5] === 1,
    findingCount: row[6]?.length ?? 0,
  };
}

/** Only what encodePayloads made goes in here, so what comes out has been redacted. */
export function decodePayloads({ payloads, texts }: PayloadTexts, traceId: TraceId): RedactedPayload[] {
  let at = 0;
  return parsePayloads(payloads).map((row) => {
    const { spanId, direction, mediaType, originalBytes, truncated } = payloadInfo(row);
    const text = texts.slice(at, at + row[3]);
    at += row[3] + BORDER.length;
    const findings = row[6] ?? [];
    return { traceId, spanId, direction, mediaType, text, originalBytes, truncated, findings } as RedactedPayload;
  });
}
