import { existsSync, readFileSync } from 'node:fs';

export interface WireMessage {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What a fixture server with this record file has received so far, oldest first. */
export function wireMessages(recordFile: string): readonly WireMessage[] {
  if (!existsSync(recordFile)) return [];
  const lines = readFileSync(recordFile, 'utf8').split('\n');
  // The last piece is what follows the last line end: nothing, or a line still being written.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as WireMessage);
}

export function wireMessagesOf(recordFile: string, method: string): readonly WireMessage[] {
  return wireMessages(recordFile).filter((message) => message.method === method);
}
