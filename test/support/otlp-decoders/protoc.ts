import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WireMessage } from './wire-message.ts';

const PROTO_FOLDER = fileURLToPath(new URL('../../fixtures/otlp/proto', import.meta.url));
const REQUEST = 'opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest';
const REQUEST_FILE = `${PROTO_FOLDER}/opentelemetry/proto/collector/trace/v1/trace_service.proto`;

const MOST_OUTPUT = 512 * 1024 * 1024;

/** An export read by Google's compiler with the published definitions: nothing of it is JavaScript. */
export function readByProtoc(bytes: Uint8Array): WireMessage {
  const program = process.env['THROUGHLINE_PROTOC'] ?? 'protoc';
  const { status, stdout, stderr, error } = spawnSync(
    program,
    ['-I', PROTO_FOLDER, `--decode=${REQUEST}`, REQUEST_FILE],
    { input: bytes, encoding: 'latin1', maxBuffer: MOST_OUTPUT },
  );
  if (error !== undefined) {
    throw new Error(`protoc could not be run (${error.message}): run "npm test", which installs it.`);
  }
  if (status !== 0) throw new Error(`protoc cannot read it: ${stderr}`);
  return toMessage(parseText(stdout));
}

interface TextNode {
  readonly fields: Map<string, (string | TextNode)[]>;
}

/** protoc writes one field a line: `name: value`, or `name {` and a `}` on a line of its own. */
function parseText(text: string): TextNode {
  const root: TextNode = { fields: new Map() };
  const open: TextNode[] = [root];
  for (const line of text.split('\n').map((padded) => padded.trim())) {
    const node = open.at(-1);
    if (line === '' || node === undefined) continue;
    if (line === '}') open.pop();
    else if (line.endsWith(' {')) {
      const child: TextNode = { fields: new Map() };
      add(node, line.slice(0, -2), child);
      open.push(child);
    } else {
      const colon = line.indexOf(': ');
      add(node, line.slice(0, colon), line.slice(colon + 2));
    }
  }
  if (open.length !== 1) throw new Error('The text of protoc breaks off.');
  return root;
}

function add(node: TextNode, field: string, value: string | TextNode): void {
  const known = node.fields.get(field);
  if (known === undefined) node.fields.set(field, [value]);
  else known.push(value);
}

const ENUMS: Readonly<Record<string, number>> = {
  SPAN_KIND_UNSPECIFIED: 0,
  SPAN_KIND_INTERNAL: 1,
  SPAN_KIND_SERVER: 2,
  SPAN_KIND_CLIENT: 3,
  SPAN_KIND_PRODUCER: 4,
  SPAN_KIND_CONSUMER: 5,
  STATUS_CODE_UNSET: 0,
  STATUS_CODE_OK: 1,
  STATUS_CODE_ERROR: 2,
};

const WORDS: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity };

function toMessage(node: TextNode): WireMessage {
  const all = (field: string) => node.fields.get(field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)) ?? [];
  const scalar = (field: string): string | undefined => {
    const value = all(field).at(-1);
    return typeof value === 'string' ? value : undefined;
  };
  const bytes = (field: string): Buffer => unescaped(scalar(field) ?? '""');
  const messages = (field: string) =>
    all(field)
      .filter((value) => typeof value !== 'string')
      .map(toMessage);
  return {
    has: (field) => all(field).length > 0,
    text: (field) => bytes(field).toString('utf8'),
    number(field) {
      const value = scalar(field) ?? '0';
      return ENUMS[value] ?? WORDS[value] ?? Number(value);
    },
    bool: (field) => scalar(field) === 'true',
    digits: (field) => scalar(field) ?? '0',
    hex: (field) => bytes(field).toString('hex'),
    message: (field) => messages(field).at(-1) ?? null,
    messages,
  };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\' };

/** Everything but printable ASCII is escaped, byte by byte in octal digits. */
function unescaped(quoted: string): Buffer {
  const latin1 = quoted
    .slice(1, -1)
    .replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, letter: string) =>
      octal === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(octal, 8)),
    );
  return Buffer.from(latin1, 'latin1');
}
