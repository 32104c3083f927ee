import type { Client as ModernClient } from '@modelcontextprotocol/client';
import type { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { connectCapableClient, type Heard } from '../../../support/capable-client.ts';
import { eventually } from '../../../support/eventually.ts';
import type { GatewayProcess } from '../../../support/gateway-process.ts';
import type { Json } from '../../../support/raw-session.ts';
import { sdkV2Client } from '../../../support/sdk-v2-client.ts';
import type { Era } from './combinations.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { readonly progress: number; readonly total?: number | undefined }) => void;
}

/** The official client of one era, in terms that both have. */
export interface EraClient extends AsyncDisposable {
  readonly era: Era;
  /** What both eras' clients call by the same names. */
  readonly client: LegacyClient | ModernClient;
  callTool(params: { name: string; arguments?: Record<string, unknown> }, options?: CallOptions): Promise<Json>;
  /** Answers of the modern era as they come; null from a client that knows no such thing. */
  readonly manual: ModernClient | null;
  /** Every notification and request that came, oldest first. */
  readonly heard: readonly Heard[];
  /** The first message that fits among those from the `since`th on, once it is there. */
  hears(what: string, since: number, fits: (message: Heard) => boolean): Promise<Heard>;
}

export const ROOT = '/work-of-ada';
export const SAMPLED = 'words of the model';
export const FORM = { username: 'ada', email: 'ada@example.test' };

/** Connects to one endpoint, able to answer whatever a server asks. */
export function connectEraClient(era: Era, gateway: GatewayProcess, path: string): Promise<EraClient> {
  return era === 'legacy' ? connectLegacy(gateway, path) : connectModern(gateway, path);
}

async function connectLegacy(gateway: GatewayProcess, path: string): Promise<EraClient> {
  const connected = await connectCapableClient(gateway, path, {
    roots: [ROOT],
    sample: () => SAMPLED,
    elicit: () => ({ action: 'accept', content: FORM }),
  });
  const { client, heard } = connected;
  return {
    era: 'legacy',
    client,
    callTool: (params, options) => client.callTool(params, undefined, options),
    manual: null,
    heard,
    hears: hearing(heard),
    [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose](),
  };
}

async function connectModern(gateway: GatewayProcess, path: string): Promise<EraClient> {
  const heard: Heard[] = [];
  const note = (message: { readonly method: string; readonly params?: unknown }): void => {
    heard.push({ method: message.method, params: (message.params ?? {}) as Json });
  };
  const connected = await sdkV2Client(gateway, path, {
    capabilities: { elicitation: {}, sampling: {}, roots: {} },
    prepare(client) {
      client.setRequestHandler('elicitation/create', (request) => {
        note(request);
        return { action: 'accept', content: FORM };
      });
      client.setRequestHandler('sampling/createMessage', (request) => {
        note(request);
        return { role: 'assistant', model: 'no-model', content: { type: 'text', text: SAMPLED } };
      });
      client.setRequestHandler('roots/list', (request) => {
        note(request);
        return { roots: [{ uri: `file://${ROOT}`, name: ROOT }] };
      });
      client.fallbackNotificationHandler = (notification) => {
        note(notification);
        return Promise.resolve();
      };
    },
  });
  const { client } = connected;
  return {
    era: 'modern',
    client,
    callTool: (params, options) => client.callTool(params, options),
    manual: client,
    heard,
    hears: hearing(heard),
    [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose](),
  };
}

const hearing =
  (heard: readonly Heard[]): EraClient['hears'] =>
  (what, since, fits) =>
    eventually(what, () => heard.slice(since).find(fits) ?? null);
