import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { UserError } from '../../shared/kernel/user-error.ts';

/** Most bytes of a file after unpacking: what is in memory at once, besides the piece being read. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

const unzip = promisify(gunzip);

export interface UnpackedFile {
  readonly bytes: Buffer;
  readonly wasGzip: boolean;
}

/** The bytes of a file, unpacked when it is gzip, as UTF-8 when it is UTF-16, without a byte order mark. */
export async function unpacked(fileName: string, bytes: Uint8Array): Promise<UnpackedFile> {
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wasGzip = packed[0] === 0x1f && packed[1] === 0x8b;
  const content = wasGzip ? await gunzipped(fileName, packed) : packed;
  if (content.length > MAX_FILE_BYTES) throw tooLarge(fileName);
  return { bytes: asUtf8(content), wasGzip };
}

async function gunzipped(fileName: string, packed: Buffer): Promise<Buffer> {
  try {
    // On the thread pool, and never more than what may be read.
    return await unzip(packed, { maxOutputLength: MAX_FILE_BYTES });
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(fileName);
    throw new UserError(`${fileName} is a gzip file that is damaged or breaks off; get it again and import that.`);
  }
}

function tooLarge(fileName: string): UserError {
  const limit = `${String(MAX_FILE_BYTES / 1024 / 1024)} MiB`;
  return new UserError(
    `${fileName} holds more than ${limit}, the most that is read at once; split it and import the parts.`,
  );
}

/** Windows shells write UTF-16 when output is redirected into a file. */
function asUtf8(content: Buffer): Buffer {
  if (content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf) return content.subarray(3);
  if (content[0] === 0xff && content[1] === 0xfe) return Buffer.from(content.toString('utf16le', 2), 'utf8');
  return content;
}
