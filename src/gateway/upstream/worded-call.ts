import { isModernVersion, lackingEnvelope } from '../era/envelope.ts';
import { parameterHeaders } from '../era/parameter-headers.ts';
import { requestHeaders } from '../era/request-headers.ts';
import { parametersOf } from '../era/tool-parameters.ts';
import type { RequestFrame } from '../frame/frame.ts';
import { gatewayInitialize } from './handshake.ts';
import type { UpstreamServer } from './upstream-server.ts';

/** What a tool call needs beside its own words to be understood by a server, in the era that the server is of. */
export interface WordedCall {
  /** Null while the server is not connected and it is not known. */
  readonly protocolVersion: string | null;
  /** Of `params._meta`: JSON source of members that the request lacks. */
  readonly envelope: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Says the same as a session with the server would, for a call that is not made on one. */
export function wordedFor(server: UpstreamServer, request: RequestFrame): WordedCall {
  const protocolVersion = server.status().introduction?.protocolVersion ?? null;
  if (protocolVersion === null) return { protocolVersion, envelope: '', headers: {} };
  if (!isModernVersion(protocolVersion))
    return { protocolVersion, envelope: '', headers: { 'mcp-protocol-version': protocolVersion } };
  const initialize = gatewayInitialize(server.settings.gatewayVersion);
  const { name, arguments: args } = request.params ?? {};
  const parameters = parametersOf(server, server.status().catalog.tools, name);
  return {
    protocolVersion,
    envelope: lackingEnvelope(request, { initialize, protocolVersion, logLevel: null }),
    headers: { ...requestHeaders(request, protocolVersion), ...parameterHeaders(parameters, args) },
  };
}
