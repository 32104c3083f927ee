import { innermostCause } from '../../shared/kernel/innermost-cause.ts';
import type { SendOutcome, SendTarget } from './otlp-sender.ts';
import { portAdvice } from './request-address.ts';

export function whereOf({ name, address }: Pick<SendTarget, 'name' | 'address'>): string {
  return `Endpoint "${name}" at ${new URL(address).host}`;
}

export function timedOut(target: SendTarget): SendOutcome {
  const seconds = target.timeoutMs / 1_000;
  const sentence = `${whereOf(target)} did not answer within ${seconds} s.${portAdvice(target.address, target.protocol)}`;
  return { kind: 'later', sentence, waitMs: null };
}

/** A request that did not get there, or whose answer did not come back. */
export function unreachable(target: SendTarget, thrown: unknown): SendOutcome {
  const { code, message } = innermostCause(thrown);
  return { kind: 'later', sentence: reasonOf(target, code, message), waitMs: null };
}

function reasonOf(target: SendTarget, code: string, message: string): string {
  const advice = portAdvice(target.address, target.protocol);
  const { host } = new URL(target.address);
  if (code === 'ECONNREFUSED')
    return `Nothing answers at ${host}: start the receiver of endpoint "${target.name}" or correct its address.`;
  if (code === 'ENOTFOUND') return `There is no ${host}: correct the address of endpoint "${target.name}".`;
  if (isAboutCertificates(code))
    return `The certificate of ${host} is not trusted (${code}): name its authority's file for endpoint "${target.name}".`;
  const what = (message || code || 'the connection ended').replace(/\.$/, '');
  return `${whereOf(target)} could not be reached: ${what}.${advice}`;
}

function isAboutCertificates(code: string): boolean {
  return /SELF_SIGNED|UNABLE_TO_|^CERT_|^ERR_TLS_CERT/.test(code);
}
