import { readFile } from 'node:fs/promises';
import { joinDecoded } from '../../src/otlp/decode-traces.ts';
import type { DecodedTraces } from '../../src/otlp/decoded.ts';
import { openTraceFile } from '../../src/otlp/read-trace-file.ts';

export interface ReadFile extends DecodedTraces {
  readonly format: string;
}

/** A whole file at once. */
export async function readWhole(fileName: string, bytes: Uint8Array): Promise<ReadFile> {
  const file = await openTraceFile(fileName, bytes);
  const decoded = joinDecoded([...file.pieces()]);
  return { format: file.format(), ...decoded };
}

export function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(`../fixtures/otlp/files/${name}`, import.meta.url));
}
