import { openSender } from '../../otlp/send/open-sender.ts';
import type { OtlpSender } from '../../otlp/send/otlp-sender.ts';
import { requestAddress } from '../../otlp/send/request-address.ts';
import type { ForwardEndpoint } from '../../shared/domain/forwarding.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import { endpointProblem, readCertificates } from '../config/endpoint-problem.ts';
import { asSentence } from '../config/references.ts';
import { isOwnAddress } from './own-address.ts';

export interface TargetOptions {
  readonly name: string;
  /** With the values of its headers. */
  readonly endpoint: ForwardEndpoint;
  /** The full address, where it does not follow from the endpoint's. */
  readonly address?: string;
  /** Where this gateway listens. */
  readonly ownOrigin: string;
}

/** What an endpoint is sent to with. Rejects with a UserError that says why nothing can be sent to it. */
export async function openTarget({ name, endpoint, address, ownOrigin }: TargetOptions): Promise<OtlpSender> {
  const problem = endpointProblem(endpoint);
  if (problem !== null) throw new UserError(asSentence(problem));
  const { url, protocol, headers, compression, timeoutMs, certificateFile } = endpoint;
  if (isOwnAddress(url, ownOrigin)) {
    throw new UserError(
      `${url} is this gateway's own address: what it sent would come back to it. Write the address of another receiver.`,
    );
  }
  const certificates = certificateFile === null ? null : await readCertificates(certificateFile);
  if (certificates?.ok === false) throw new UserError(certificates.error);
  return openSender({
    name,
    protocol,
    address: address ?? requestAddress(url, protocol),
    headers,
    compression,
    timeoutMs,
    certificates: certificates?.value ?? null,
  });
}
