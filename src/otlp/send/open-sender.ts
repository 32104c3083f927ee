import { createHttpSender } from './http-sender.ts';
import type { OtlpSender, SendTarget } from './otlp-sender.ts';

/** A sender for the target's protocol. Connects when something is sent. */
export async function openSender(target: SendTarget): Promise<OtlpSender> {
  if (target.protocol !== 'grpc') return createHttpSender(target);
  // Few use gRPC, and its library takes long to load: only they wait for it.
  const { createGrpcSender } = await import('./grpc-sender.ts');
  return createGrpcSender(target);
}
