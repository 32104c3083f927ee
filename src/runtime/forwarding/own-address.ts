import { isIP } from 'node:net';

/**
 * Whether an address is this gateway's own, by whatever name of this machine: its receiver would take in what it has just
 * sent. `ownOrigin`: where this gateway listens, on the loopback address only.
 */
export function isOwnAddress(address: string, ownOrigin: string): boolean {
  const { hostname, port, protocol } = new URL(address);
  return (port || defaultPort(protocol)) === new URL(ownOrigin).port && isLoopback(hostname);
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80';
}

function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) === 4) return host.startsWith('127.') || host === '0.0.0.0';
  // URLs write mapped addresses in hex: ::ffff:127.0.0.1 is ::ffff:7f00:1.
  if (isIP(host) === 6) return host === '::1' || host === '::' || host.startsWith('::ffff:7f') || host === '::ffff:0:0';
  return host === 'localhost' || host.endsWith('.localhost');
}
