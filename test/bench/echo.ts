interface Message {
  readonly id?: string | number;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string; readonly arguments?: { readonly text?: string } };
}

/** What the measured server says to one message; null for a notification. */
export function answerTo(text: string): string | null {
  const { id, method, params } = JSON.parse(text) as Message;
  if (id === undefined) return null;
  return JSON.stringify({ jsonrpc: '2.0', id, ...outcomeOf(method, params) });
}

function outcomeOf(method: string, params: Message['params']): object {
  switch (method) {
    case 'initialize':
      return {
        result: {
          protocolVersion: params?.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'bench-echo', version: '1.0.0' },
        },
      };
    case 'tools/list':
      return { result: { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] } };
    case 'tools/call':
      return { result: { content: [{ type: 'text', text: params?.arguments?.text ?? '' }] } };
    default:
      return { error: { code: -32601, message: 'Method not found' } };
  }
}
