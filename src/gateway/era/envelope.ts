import { eraOf } from '../../shared/domain/era.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { RpcError } from '../frame/compose.ts';
import { addMeta, editedFrame } from '../frame/edit.ts';
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
  if (typeof protocolVersion !== 'string') return lacking(META.protocolVersion, 'a string');
  const capabilities = meta[META.clientCapabilities];
  if (!isObject(capabilities)) return lacking(META.clientCapabilities, 'an object');
  const { [META.clientInfo]: clientInfo, [META.logLevel]: logLevel } = meta;
  return ok({
    protocolVersion,
    capabilities,
    clientInfo: isObject(clientInfo) ? clientInfo : null,
    logLevel: typeof logLevel === 'string' ? logLevel : null,
  });
}

/** What a client's `initialize` says, as an envelope. */
export function envelopeOf({ params }: RequestFrame, protocolVersion: string): Envelope {
  const { capabilities, clientInfo } = params ?? {};
  return {
    protocolVersion,
    capabilities: isObject(capabilities) ? capabilities : {},
    clientInfo: isObject(clientInfo) ? clientInfo : null,
    logLevel: null,
  };
}

/** The request with an envelope: its own where it has one, else this. */
export function enveloped(frame: RequestFrame, envelope: Envelope): RequestFrame {
  if (metaOf(frame)?.[META.protocolVersion] !== undefined) return frame;
  const { protocolVersion, capabilities, clientInfo, logLevel } = envelope;
  const members = JSON.stringify({
    [META.protocolVersion]: protocolVersion,
    [META.clientCapabilities]: capabilities,
    ...(clientInfo !== null && { [META.clientInfo]: clientInfo }),
    ...(logLevel !== null && { [META.logLevel]: logLevel }),
  });
  return editedFrame(frame, addMeta(frame, members.slice(1, -1)));
}

function lacking(key: string, type: string): Result<never, RpcError> {
  return err({ code: MODERN_CODES.invalidParams, message: `params._meta["${key}"] must be ${type}.` });
}

function metaOf(frame: RequestFrame): JsonObject | null {
  const meta = frame.params?.['_meta'];
  return isObject(meta) ? meta : null;
}
