import { eraOf } from '../../shared/domain/era.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { RpcError } from '../frame/compose.ts';
import { isObject, type JsonObject, type RequestFrame } from '../frame/frame.ts';

/** Revisions of the stateless era that this gateway speaks, newest first. */
export const MODERN_VERSIONS: readonly string[] = ['2026-07-28'];

/** Keys in `_meta` that MCP 2026-07-28 has every message of its era carry. */
export const META = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;

/** JSON-RPC codes that MCP 2026-07-28 defines. */
export const MODERN_CODES = {
  invalidParams: -32602,
  methodNotFound: -32601,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const;

/** What a client of the stateless era says of itself with every request. */
export interface Envelope {
  readonly protocolVersion: string;
  readonly capabilities: JsonObject;
  readonly clientInfo: JsonObject | null;
  /** Null: no log messages are wanted. */
  readonly logLevel: string | null;
}

/**
 * Whether a request opens in the stateless era: its own envelope decides, else the version in its header. One with
 * neither is of the era of handshakes, but for the one method that only the newer era has.
 */
export function isModern(frame: RequestFrame, headerVersion: string | undefined): boolean {
  if (metaOf(frame)?.[META.protocolVersion] !== undefined || frame.method === 'server/discover') return true;
  return isModernVersion(headerVersion);
}

export function isModernVersion(version: string | undefined): boolean {
  return version !== undefined && eraOf(version) === 'modern';
}

/** Reads the envelope, or says which part of it is missing or of another type (-32602). */
export function readEnvelope(frame: RequestFrame): Result<Envelope, RpcError> {
  const meta = metaOf(frame) ?? {};
  const protocolVersion = meta[META.protocolVersion];
  if (typeof protocolVersion !== 'string') return refused(META.protocolVersion, 'a string');
  const capabilities = meta[META.clientCapabilities];
  if (!isObject(capabilities)) return refused(META.clientCapabilities, 'an object');
  const { [META.clientInfo]: clientInfo, [META.logLevel]: logLevel } = meta;
  return ok({
    protocolVersion,
    capabilities,
    clientInfo: isObject(clientInfo) ? clientInfo : null,
    logLevel: typeof logLevel === 'string' ? logLevel : null,
  });
}

/** A member of `_meta` with its JSON source. */
interface MetaMember {
  readonly key: string;
  readonly text: string;
}

/** What each client says of itself, made into JSON once; goes with its `initialize`. */
const introductions = new WeakMap<RequestFrame, readonly MetaMember[]>();

export interface EnvelopeOptions {
  /** The handshake of the client that asks. */
  readonly initialize: RequestFrame;
  readonly protocolVersion: string;
  /** Null: no log messages are wanted. */
  readonly logLevel: string | null;
}

/**
 * What `_meta` of a request lacks to be one of the stateless era (JSON source of members): nothing where the request has an
 * envelope of its own.
 */
export function lackingEnvelope(frame: RequestFrame, options: EnvelopeOptions): string {
  const { initialize, protocolVersion, logLevel } = options;
  const meta = metaOf(frame);
  if (meta?.[META.protocolVersion] !== undefined) return '';
  const members = [metaMember(META.protocolVersion, protocolVersion), ...introductionOf(initialize)];
  if (logLevel !== null) members.push(metaMember(META.logLevel, logLevel));
  const lacking = meta === null ? members : members.filter(({ key }) => meta[key] === undefined);
  return lacking.map(({ text }) => text).join(',');
}

function introductionOf(initialize: RequestFrame): readonly MetaMember[] {
  const known = introductions.get(initialize);
  if (known !== undefined) return known;
  const { capabilities, clientInfo } = initialize.params ?? {};
  const members = [metaMember(META.clientCapabilities, isObject(capabilities) ? capabilities : {})];
  if (isObject(clientInfo)) members.push(metaMember(META.clientInfo, clientInfo));
  introductions.set(initialize, members);
  return members;
}

function metaMember(key: string, value: unknown): MetaMember {
  return { key, text: `${JSON.stringify(key)}:${JSON.stringify(value)}` };
}

function refused(key: string, type: string): Result<never, RpcError> {
  return err({ code: MODERN_CODES.invalidParams, message: `params._meta["${key}"] must be ${type}.` });
}

function metaOf(frame: RequestFrame): JsonObject | null {
  const meta = frame.params?.['_meta'];
  return isObject(meta) ? meta : null;
}
