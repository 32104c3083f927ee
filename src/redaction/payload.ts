import type { Finding, RedactedPayload } from '../shared/domain/redacted.ts';
import { cut, isHighSurrogate, LOOKAHEAD, redactPrefix } from './bounds.ts';
import { neutralizeControls } from './controls.ts';
import type { Engine } from './engine.ts';
import { addTreeFindings } from './findings.ts';
import type { FindingList } from './findings.ts';
import { applyHits, mergeHits } from './hits.ts';
import type { Hit, Masked } from './hits.ts';
import { readWholeJson } from './json-tree.ts';
import type { RedactionLimits } from './limits.ts';
import { mintRedacted } from './mint.ts';
import type { RawPayload } from './port.ts';
import type { Screen } from './screen/screen.ts';

export interface PayloadRedaction {
  readonly engine: Engine;
  readonly screen: Screen;
  readonly limits: RedactionLimits;
  readonly newFindings: () => FindingList;
}

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain';

interface Content {
  readonly mediaType: string;
  readonly text: string;
  readonly truncated: boolean;
}

/**
 * A body that is one JSON document keeps every byte that is not hidden. One over the limit becomes
 * `{"_truncated":true,"_originalBytes":n,"_preview":"..."}`, and no more of it is read than the preview needs.
 */
export function createPayloadRedactor({
  engine,
  screen,
  limits,
  newFindings,
}: PayloadRedaction): (payload: RawPayload) => RedactedPayload {
  const limit = limits.payloadBytes;

  function wholeJson(text: string, findings: FindingList): Content | null {
    const root = readWholeJson(text);
    if (root === null) return null;
    if (!engine.markTree(root)) return { mediaType: JSON_TYPE, text, truncated: false };
    const masked = applyHits(text, mergeHits(engine.hitsOfTree(text, root)));
    // Masks may be longer than what they hide.
    if (Buffer.byteLength(masked.text) > limit) return preview(masked, Buffer.byteLength(text), findings);
    addTreeFindings(root, '', findings);
    return { mediaType: JSON_TYPE, text: masked.text, truncated: false };
  }

  function preview(masked: Masked, originalBytes: number, findings: FindingList): Content {
    const head = `{"_truncated":true,"_originalBytes":${originalBytes},"_preview":`;
    const kept = cut(masked, lengthWithin(masked.text, limit - head.length - 3), '');
    findings.add('/_preview', kept.marks);
    return { mediaType: JSON_TYPE, text: `${head}${JSON.stringify(kept.text)}}`, truncated: true };
  }

  function plainText(text: string, mediaType: string, originalBytes: number, findings: FindingList): Content {
    const masked = redactPrefix(neutralizeControls(text), limit, find);
    if (!masked.isCut && Buffer.byteLength(masked.text) <= limit) {
      findings.add('', masked.marks);
      return { mediaType, text: masked.text, truncated: false };
    }
    const ending = `… [cut: ${originalBytes} bytes]`;
    const kept = cut(masked, lengthWithin(masked.text, limit - Buffer.byteLength(ending)), ending);
    findings.add('', kept.marks);
    return { mediaType, text: kept.text, truncated: true };
  }

  const find = (text: string): readonly Hit[] => engine.findInText(text);

  function contentOf(payload: RawPayload, originalBytes: number, findings: FindingList): Content {
    const isJson = isJsonType(payload.mediaType) || /^\s{0,64}[[{]/.test(payload.text);
    if (!isJson) return plainText(payload.text, payload.mediaType, originalBytes, findings);
    if (originalBytes > limit) return preview(redactPrefix(payload.text, limit, find), originalBytes, findings);
    // What says it is JSON and is not must not be stored as JSON: whoever reads it would fail.
    return wholeJson(payload.text, findings) ?? plainText(payload.text, TEXT_TYPE, originalBytes, findings);
  }

  return (payload) => {
    const { text } = payload;
    // Only what can be kept whole: of a longer text no more is read than that.
    if (payload.isParsedJson === true && text.length <= limit) {
      const { isClear, isAscii } = screen.jsonVerdict(text);
      const originalBytes = isAscii ? text.length : Buffer.byteLength(text);
      const content = { mediaType: JSON_TYPE, text, truncated: false };
      if (isClear && originalBytes <= limit) return redacted(payload, content, originalBytes, NOTHING_FOUND);
    }
    const list = newFindings();
    const originalBytes = payload.originalBytes ?? Buffer.byteLength(text);
    return redacted(payload, contentOf(payload, originalBytes, list), originalBytes, list.findings);
  };
}

/** What is longer than this is sure to be cut, and no more of it is read; other texts than JSON may shrink first. */
export function shortenPayload(payload: RawPayload, limit: number): RawPayload {
  const { text, mediaType } = payload;
  const length = limit + LOOKAHEAD + 1;
  if (text.length <= length || !isJsonType(mediaType)) return payload;
  return { ...payload, text: ownCopy(text.slice(0, length)), originalBytes: Buffer.byteLength(text) };
}

/** A slice of a string keeps all of that string in memory. */
function ownCopy(slice: string): string {
  return Buffer.from(slice, 'utf16le').toString('utf16le');
}

const NOTHING_FOUND: readonly Finding[] = [];

function redacted(
  { traceId, spanId, direction }: RawPayload,
  { mediaType, text, truncated }: Content,
  originalBytes: number,
  findings: readonly Finding[],
): RedactedPayload {
  return mintRedacted({ traceId, spanId, direction, mediaType, text, originalBytes, truncated, findings });
}

function isJsonType(mediaType: string): boolean {
  return /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(mediaType);
}

/** How many code units of `text` take at most `bytes` bytes as the content of a JSON string. */
function lengthWithin(text: string, bytes: number): number {
  let used = 0;
  let at = 0;
  for (; at < text.length; at += 1) {
    used += encodedBytes(text.charCodeAt(at));
    if (used > bytes) break;
  }
  return isHighSurrogate(text.charCodeAt(at - 1)) ? at - 1 : at;
}

/** At most; a surrogate pair takes four bytes, a lone surrogate is written as six. */
function encodedBytes(code: number): number {
  if (code === 34 || code === 92) return 2;
  if (code < 32 || (code >= 0xd800 && code <= 0xdfff)) return 6;
  if (code < 0x80) return 1;
  return code < 0x800 ? 2 : 3;
}
