import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  type CreateMessageRequest,
  type ElicitRequest,
  type ElicitResult,
} from '@modelcontextprotocol/sdk/types.js';
import { eventually } from './eventually.ts';

export interface Heard {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface CapableClient extends AsyncDisposable {
  readonly client: Client;
  /** What the handshake agreed on. */
  readonly protocolVersion: string | undefined;
  readonly sessionId: string | undefined;
  /** Every notification and request that came, oldest first. */
  readonly heard: readonly Heard[];
  /** Resolves with the first one, earlier ones included, that fits. */
  hears(what: string, fits: (message: Heard) => boolean): Promise<Heard>;
}

export interface CapableClientOptions {
  readonly name?: string;
  /** Folders offered as roots. */
  readonly roots?: readonly string[];
  /** What the model says to a sampling request. */
  readonly sample?: (params: CreateMessageRequest['params']) => string;
  readonly elicit?: (params: ElicitRequest['params']) => ElicitResult;
}

/** The official SDK's client with every capability there is, which keeps what servers send it. */
export async function connectCapableClient(
  gateway: { readonly origin: string; readonly token: string },
  path: string,
  options: CapableClientOptions = {},
): Promise<CapableClient> {
  const { name = 'capable-client', roots = [], sample = () => 'sampled', elicit = declines } = options;
  const heard: Heard[] = [];
  const note = (message: { method: string; params?: unknown }): void => {
    heard.push({ method: message.method, params: (message.params ?? {}) as Heard['params'] });
  };
  const client = new Client(
    { name, version: '1.0.0' },
    { capabilities: { sampling: {}, elicitation: { form: {} }, roots: { listChanged: true } } },
  );
  client.setRequestHandler(CreateMessageRequestSchema, (request) => {
    note(request);
    return { role: 'assistant', model: 'no-model', content: { type: 'text', text: sample(request.params) } };
  });
  client.setRequestHandler(ElicitRequestSchema, (request) => {
    note(request);
    return elicit(request.params);
  });
  client.setRequestHandler(ListRootsRequestSchema, (request) => {
    note(request);
    return { roots: roots.map((folder) => ({ uri: `file://${folder}`, name: folder })) };
  });
  client.fallbackNotificationHandler = (notification) => {
    note(notification);
    return Promise.resolve();
  };
  const transport = new StreamableHTTPClientTransport(new URL(path, gateway.origin), {
    requestInit: { headers: { authorization: `Bearer ${gateway.token}` } },
  });
  await client.connect(transport);
  return {
    client,
    get protocolVersion() {
      return transport.protocolVersion;
    },
    get sessionId() {
      return transport.sessionId;
    },
    heard,
    hears: (what, fits) => eventually(what, () => heard.find(fits) ?? null),
    async [Symbol.asyncDispose]() {
      await client.close();
    },
  };
}

function declines(): ElicitResult {
  return { action: 'decline' };
}
