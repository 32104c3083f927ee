/**
 * Attribute names and span names that most spans have, written as their position in this list. Histories hold the
 * positions: names are only ever added at the end, never moved, changed or taken out.
 */
export const KNOWN_WORDS: readonly string[] = [
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'url.scheme',
  'url.path',
  'url.query',
  'user_agent.original',
  'network.protocol.name',
  'network.protocol.version',
  'network.transport',
  'server.address',
  'server.port',
  'error.type',
  'error.message',
  'mcp.method.name',
  'mcp.session.id',
  'mcp.protocol.version',
  'mcp.resource.uri',
  'gen_ai.tool.name',
  'gen_ai.prompt.name',
  'gen_ai.operation.name',
  'jsonrpc.request.id',
  'rpc.response.status_code',
  'correlation_id',
  'tool.name',
  'mcp.tool.name',
  'arguments_count',
  'success',
  'session.reused',
  'retry_attempt',
  'upstream.response.success',
  'throughline.server.id',
  'throughline.client.name',
  'throughline.upkeep',
  'plugin.chain.stopped',
  'plugin.chain.stopped_by',
  'application/json',
  'text/plain',
  'POST /mcp',
  'POST /servers/{id}/mcp',
  'tool.invoke',
  'mcp.client.call',
  'mcp.client.initialize',
  'mcp.client.request',
  'mcp.client.response',
  'mcp.input.wait',
  'throughline.input.methods',
  'client.address',
  'client.port',
  'url.full',
  'tool.gateway_id',
  'tool.integration_type',
  'prompt.id',
  'resource.uri',
  'server_id',
  'duration.ms',
  'throughline.transport',
  'throughline.caller.sampled',
  'exception',
  'exception.type',
  'exception.message',
  'tool.list',
  'prompt.render',
  'resource.read',
];

const POSITIONS: ReadonlyMap<string, number> = new Map(KNOWN_WORDS.map((word, position) => [word, position]));

/** A word as it is written: its position where it is known, else itself. */
export type Word = number | string;

export function toWord(text: string): Word {
  return POSITIONS.get(text) ?? text;
}

/** Throws when the text was written by a version that knows more words than this one. */
export function fromWord(word: Word): string {
  if (typeof word === 'string') return word;
  const text = KNOWN_WORDS[word];
  if (text === undefined) throw new Error(`The word ${word} of a stored span is not known.`);
  return text;
}
