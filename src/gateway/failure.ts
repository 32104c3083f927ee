import type { ServerId } from '../shared/domain/ids.ts';

/** What went wrong on the way to a server: low cardinality, the value of `error.type` (R48). */
export type FailureCategory =
  | 'connection_refused'
  | 'timeout'
  | 'cancelled'
  | 'ssl_tls'
  | 'auth_unauthorized'
  | 'auth_forbidden'
  | 'not_found'
  | 'upstream_server_error'
  | 'http_error'
  | 'mcp_protocol_error'
  | 'dns_resolution'
  | 'connection_reset'
  | 'connection_error'
  | 'network_error'
  | 'unknown';

/** What says that nobody is there; any other failure is a kind of answer. */
export const NOBODY_THERE: ReadonlySet<FailureCategory> = new Set<FailureCategory>([
  'timeout',
  'connection_refused',
  'connection_reset',
  'connection_error',
  'dns_resolution',
  'network_error',
]);

/** A call could not be brought to its end. The message is one sentence for the user, not yet redacted. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly category: FailureCategory;

  constructor(category: FailureCategory, message: string, options?: ErrorOptions) {
    super(message, options);
    this.category = category;
  }
}

/** The server no longer knows our session: nothing was done, and the call may be sent again on a new one. */
export class SessionExpired extends UpstreamFailure {
  constructor(serverId: ServerId) {
    super('not_found', `Server "${serverId}" no longer knows this session.`);
  }
}

const SYSTEM_CODES: Readonly<Record<string, FailureCategory>> = {
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'dns_resolution',
  EAI_AGAIN: 'dns_resolution',
  ECONNRESET: 'connection_reset',
  EPIPE: 'connection_reset',
  UND_ERR_SOCKET: 'connection_reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  EHOSTUNREACH: 'network_error',
  ENETUNREACH: 'network_error',
};

export function categoryOfCode(code: string): FailureCategory {
  if (
    code.startsWith('ERR_TLS') ||
    code.startsWith('ERR_SSL') ||
    code === 'EPROTO' ||
    code.startsWith('CERT_') ||
    code.includes('SELF_SIGNED') ||
    code.includes('UNABLE_TO_')
  ) {
    return 'ssl_tls';
  }
  return SYSTEM_CODES[code] ?? 'connection_error';
}

export function categoryOfStatus(status: number): FailureCategory {
  if (status === 401) return 'auth_unauthorized';
  if (status === 403) return 'auth_forbidden';
  if (status === 404) return 'not_found';
  return status >= 500 ? 'upstream_server_error' : 'http_error';
}
