import tls from 'node:tls';

let systemCertificates: readonly string[] | null = null;

/**
 * Certificates to trust: those that come with Node, those of the system, and `own` (PEM text). Reading the system's takes
 * a tenth of a second, so it is done once, when the first `https` endpoint is connected to.
 */
export function trustedCertificates(own: string | null): string[] {
  systemCertificates ??= readSystemCertificates(tls);
  return own === null ? [...systemCertificates] : [...systemCertificates, own];
}

/** Node 22.14 and older cannot be asked for the system's. */
function readSystemCertificates({ getCACertificates }: Partial<typeof tls>): readonly string[] {
  if (getCACertificates === undefined) return tls.rootCertificates;
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
