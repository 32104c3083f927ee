/** How files begin that are often chosen by mistake, and what to do instead. */
const BEGINNINGS: readonly (readonly [beginning: string, sentence: string])[] = [
  [
    'SQLite format 3\0',
    'is a database, not an exported file; if it is a history of Throughline, open it with "throughline serve --data-dir FOLDER" and the folder it is in.',
  ],
  ['\x89PNG', 'is an image, not a file with traces; choose the exported traces.'],
  ['\xff\xd8\xff', 'is an image, not a file with traces; choose the exported traces.'],
  ['GIF8', 'is an image, not a file with traces; choose the exported traces.'],
  ['%PDF', 'is a PDF document, not a file with traces; choose the exported traces.'],
  ['PK\x03\x04', 'is a ZIP archive; unpack it and import the files in it.'],
  ['\x28\xb5\x2f\xfd', 'is packed with zstd; unpack it and import the file in it.'],
  ['<', 'is HTML or XML, not a file with traces; export the traces as OTLP, Jaeger or Zipkin JSON.'],
];

/** What a file is that holds no traces, as the rest of a sentence; null when it does not look like one of these. */
export function otherFile(bytes: Buffer): string | null {
  const beginning = bytes.toString('latin1', 0, 16);
  return BEGINNINGS.find(([known]) => beginning.startsWith(known))?.[1] ?? null;
}
