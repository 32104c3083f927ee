import type { OtlpProtocol } from '../../shared/domain/forwarding.ts';

const TRACES_PATH = '/v1/traces';

/** Where OTLP is listened for unless told otherwise. */
const GRPC_PORT = '4317';
const HTTP_PORT = '4318';

/**
 * The address that requests go to. Of HTTP: `/v1/traces` behind a base, with or without a slash at its end or a path of
 * its own; an address that ends in it already stays. Of gRPC: scheme, host and port, since the path is the method's.
 */
export function requestAddress(url: string, protocol: OtlpProtocol): string {
  const address = new URL(url);
  if (protocol === 'grpc') return address.origin;
  const path = address.pathname.replace(/\/+$/, '');
  return `${address.origin}${path.endsWith(TRACES_PATH) ? path : `${path}${TRACES_PATH}`}`;
}

/** What may be wrong with an address that cannot be sent to, with a space before it; empty when nothing is known. */
export function portAdvice(address: string, protocol: OtlpProtocol): string {
  const { port } = new URL(address);
  if (protocol !== 'grpc' && port === GRPC_PORT)
    return ` Port ${GRPC_PORT} is where gRPC is usually spoken: choose the protocol grpc, or port ${HTTP_PORT}.`;
  if (protocol === 'grpc' && port === HTTP_PORT)
    return ` Port ${HTTP_PORT} is where OTLP over HTTP is usually spoken: choose http/protobuf, or port ${GRPC_PORT}.`;
  return '';
}
