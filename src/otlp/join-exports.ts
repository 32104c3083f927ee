import type { OtlpFormat } from './encode-traces.ts';
import { SESSION_HEAD } from './session-file.ts';

const JSON_HEAD = Buffer.from('{"resourceSpans":[');
const JSON_TAIL = Buffer.from(']}');
const COMMA = Buffer.from(',');

/**
 * One export of several, byte for byte what they were: of JSON the lists of resource spans one after the other, of
 * protobuf the messages (fields that repeat are joined that way), of lines the lines. A session is made of the lines of
 * its traces (OTLP/JSON with bodies and findings) and gets its first line here.
 */
export function joinExports(exports: readonly Uint8Array[], format: OtlpFormat): Uint8Array {
  if (format === 'session') return Buffer.concat([SESSION_HEAD, ...exports]);
  if (format !== 'otlp-json') return Buffer.concat(exports);
  const lists = exports.map(listIn).filter((list) => list.length > 0);
  const separated = lists.flatMap((list, index) => (index === 0 ? [list] : [COMMA, list]));
  return Buffer.concat([JSON_HEAD, ...separated, JSON_TAIL]);
}

function listIn(document: Uint8Array): Buffer {
  const bytes = Buffer.from(document.buffer, document.byteOffset, document.byteLength);
  const hasForm =
    bytes.subarray(0, JSON_HEAD.length).equals(JSON_HEAD) && bytes.subarray(-JSON_TAIL.length).equals(JSON_TAIL);
  if (!hasForm) throw new Error('The OTLP encoder wrote another form of document than it used to.');
  return bytes.subarray(JSON_HEAD.length, -JSON_TAIL.length);
}
