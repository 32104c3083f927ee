import type { ForwardEndpoint } from '../../shared/domain/forwarding.ts';
import type { ServerId } from '../../shared/domain/ids.ts';
import { DEFAULT_POLICY, type RedactionPolicy } from '../../shared/domain/redaction.ts';
import type { ServerConfig, SessionMode } from '../../shared/domain/server.ts';
import { DEFAULT_TRACING_SETTINGS, type TracingSettings } from '../../shared/domain/settings.ts';
import type { VirtualServerConfig } from '../../shared/domain/virtual-server.ts';

/** How the gateway treats requests and sessions; what the file's `gateway` key says of that, with its defaults filled in. */
export interface GatewaySettings {
  /** Longest wait for a server's answer to one request, in milliseconds; 0 waits as long as the client does. */
  readonly requestTimeoutMs: number;
  /** Longest wait for a server to start and answer `initialize`, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Largest request body that is read, in bytes. */
  readonly maxBodyBytes: number;
  /** Stands between the server's name and the tool's name on `/mcp`. */
  readonly toolNameSeparator: string;
  /** One upstream session per client session, or one for all. */
  readonly session: SessionMode;
  /** A server that nobody used for this long is stopped until the next call, in milliseconds; 0 keeps it. */
  readonly idleStopMs: number;
  /** How often a connected server is asked whether it is there, in milliseconds; 0 never. */
  readonly healthCheckMs: number;
  /** What of the callers' baggage goes on to servers; null: none of it (R63). */
  readonly baggage: BaggageSettings | null;
  /** The answer of `POST /api/plan` has the values of the server's configured headers, and not only their names. */
  readonly planSecrets: boolean;
}

export interface BaggageSettings {
  /** Keys that may go on from a caller's own baggage. */
  readonly allow: readonly string[];
  /** Keys by the HTTP header whose value they get. */
  readonly headers: Readonly<Record<string, string>>;
  readonly maxItems: number;
  readonly maxBytes: number;
}

/** Why a server of the file is not started. */
export interface ServerProblem {
  /** What is wrong and what to do. */
  readonly sentence: string;
  /** `review`: only adding the server again helps. `values`: a value it refers to is missing; a restart looks again. */
  readonly needs: 'review' | 'values';
}

/** A server of the file: what is written there, and what of it is started (references followed), or why nothing is. */
export type ConfiguredServer =
  | { readonly written: ServerConfig; readonly resolved: ServerConfig }
  | { readonly written: ServerConfig; readonly problem: ServerProblem };

/** The rules of the file: with its references, and as they are put in force. */
export interface ConfiguredRedaction {
  readonly written: RedactionPolicy;
  readonly resolved: RedactionPolicy;
}

/** An endpoint of the file: what is written there, and what is sent to (references followed), or why nothing is. */
export type ConfiguredEndpoint =
  | { readonly written: ForwardEndpoint; readonly resolved: ForwardEndpoint }
  | { readonly written: ForwardEndpoint; readonly problem: string };

/** A config file after reading: checked, defaults filled in, references followed. */
export interface ThroughlineConfig {
  /** In the file's order. Naming the file on the command line was the consent for them. */
  readonly servers: ReadonlyMap<ServerId, ConfiguredServer>;
  readonly virtualServers: ReadonlyMap<ServerId, VirtualServerConfig>;
  readonly redaction: ConfiguredRedaction;
  /** Where traces are sent, by name. Naming the file on the command line was the consent for it. */
  readonly endpoints: ReadonlyMap<string, ConfiguredEndpoint>;
  readonly gateway: GatewaySettings;
  readonly tracing: TracingSettings;
}

/** Where the gateway listens unless told otherwise: the same after every start, so that clients find it again. */
export const DEFAULT_PORT = 4820;

export const DEFAULT_GATEWAY_SETTINGS: GatewaySettings = {
  requestTimeoutMs: 0,
  connectTimeoutMs: 20_000,
  maxBodyBytes: 16 * 1024 * 1024,
  toolNameSeparator: '__',
  session: 'dedicated',
  idleStopMs: 0,
  healthCheckMs: 30_000,
  baggage: null,
  planSecrets: false,
};

export const DEFAULT_REDACTION: ConfiguredRedaction = { written: DEFAULT_POLICY, resolved: DEFAULT_POLICY };

/** What runs when no file was named: no servers, all defaults. */
export function emptyConfig(): ThroughlineConfig {
  return {
    servers: new Map(),
    virtualServers: new Map(),
    redaction: DEFAULT_REDACTION,
    endpoints: new Map(),
    gateway: DEFAULT_GATEWAY_SETTINGS,
    tracing: DEFAULT_TRACING_SETTINGS,
  };
}
