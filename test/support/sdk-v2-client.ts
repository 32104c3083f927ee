import {
  Client,
  StreamableHTTPClientTransport,
  type ClientOptions,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client';
import { MODERN_VERSION, type ModernEndpoint } from './modern-client.ts';

export interface SdkV2Client extends AsyncDisposable {
  readonly client: Client;
}

export interface SdkV2ClientOptions extends Omit<ClientOptions, 'versionNegotiation'> {
  /** `modern`: no other will do; `auto`: modern where the server is, as clients of today decide. Modern unless given. */
  readonly era?: 'modern' | 'auto' | 'legacy';
  /** Runs before the client connects: the place to set its handlers. */
  readonly prepare?: (client: Client) => void;
}

/** The official SDK's client of the stateless era on one endpoint of a gateway, or of a server that asks for no token. */
export async function sdkV2Client(
  { origin, token }: ModernEndpoint,
  path: string,
  { era = 'modern', prepare, ...options }: SdkV2ClientOptions = {},
): Promise<SdkV2Client> {
  const mode: VersionNegotiationMode = era === 'modern' ? { pin: MODERN_VERSION } : era;
  const client = new Client({ name: 'sdk-v2-client', version: '1.0.0' }, { ...options, versionNegotiation: { mode } });
  prepare?.(client);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(path, origin), { requestInit: { headers } }));
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
    },
  };
}
