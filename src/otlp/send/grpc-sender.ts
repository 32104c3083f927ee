import {
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  status,
  type ChannelCredentials,
  type ChannelOptions,
  type ServiceError,
} from '@grpc/grpc-js';
import { retryInfoMillis, takenOutcome } from './answers.ts';
import { timedOut, unreachable, whereOf } from './failures.ts';
import { MAX_RESPONSE_BYTES, USER_AGENT, type OtlpSender, type SendOutcome, type SendTarget } from './otlp-sender.ts';
import { portAdvice } from './request-address.ts';
import { trustedCertificates } from './trusted-certificates.ts';

const EXPORT_METHOD = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

/** After these the same request may be sent again (OTLP 1.x, "Failures" of OTLP/gRPC). */
const RETRYABLE = new Set<status>([
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

const DETAILS = 'grpc-status-details-bin';

const asIs = (bytes: Buffer): Buffer => bytes;

/** OTLP over gRPC: a unary call whose message is passed on as bytes. `http://` is plaintext, `https://` is TLS. */
export function createGrpcSender(target: SendTarget): OtlpSender {
  const { host, hostname, port, protocol } = new URL(target.address);
  const isSecure = protocol === 'https:';
  // gRPC's own default port is 443, with and without TLS.
  const authority = port === '' ? `${hostname}:${isSecure ? 443 : 80}` : host;
  let client: Client | null = null;

  function connection(): Client {
    client ??= new Client(authority, channelCredentials(target, isSecure), channelOptions(target));
    return client;
  }

  function disconnect(): void {
    client?.close();
    client = null;
  }

  return {
    send: (body, signal) =>
      new Promise((resolve) => {
        const call = connection().makeUnaryRequest<Buffer, Buffer>(
          EXPORT_METHOD,
          asIs,
          asIs,
          Buffer.from(body.buffer, body.byteOffset, body.byteLength),
          metadataOf(target.headers),
          { deadline: Date.now() + target.timeoutMs },
          (error, answer) => {
            signal?.removeEventListener('abort', cancel);
            // A new channel connects at once; one that has failed waits first, and says that in place of why.
            if (error !== null) disconnect();
            resolve(error === null ? takenOutcome(answer ?? new Uint8Array(), 'protobuf') : failure(target, error));
          },
        );
        const cancel = (): void => {
          call.cancel();
        };
        signal?.addEventListener('abort', cancel);
        if (signal?.aborted === true) cancel();
      }),
    close() {
      disconnect();
      return Promise.resolve();
    },
  };
}

function channelCredentials({ certificates }: SendTarget, isSecure: boolean): ChannelCredentials {
  if (!isSecure) return credentials.createInsecure();
  return credentials.createSsl(Buffer.from(trustedCertificates(certificates).join('\n')));
}

function channelOptions({ compression }: SendTarget): ChannelOptions {
  return {
    'grpc.primary_user_agent': USER_AGENT,
    'grpc.max_receive_message_length': MAX_RESPONSE_BYTES,
    // Whoever sends decides when to try again, and no proxy of the environment gets to see the headers.
    'grpc.enable_retries': 0,
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.default_compression_algorithm':
      compression === 'gzip' ? compressionAlgorithms.gzip : compressionAlgorithms.identity,
  };
}

function metadataOf(headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

function failure(target: SendTarget, error: ServiceError): SendOutcome {
  const { code, details } = error;
  if (code === status.DEADLINE_EXCEEDED) return timedOut(target);
  if (code === status.UNAVAILABLE) return unreachable(target, asCause(details));
  const [encoded] = error.metadata.get(DETAILS);
  const waitMs = encoded instanceof Uint8Array ? retryInfoMillis(encoded) : null;
  const what = `${whereOf(target)} answered with ${status[code]}${details === '' ? '' : ` (${details.slice(0, 300).replace(/\.$/, '')})`}`;
  if (RETRYABLE.has(code) || (code === status.RESOURCE_EXHAUSTED && waitMs !== null))
    return { kind: 'later', sentence: `${what}.`, waitMs };
  return {
    kind: 'refused',
    sentence: `${what}: ${adviceFor(code)}.${portAdvice(target.address, target.protocol)}`,
  };
}

/** gRPC tells of a failed connection in words only; the system's code is among them. */
function asCause(details: string): Error {
  const code = /\b(ECONN[A-Z]+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|[A-Z_]*SELF_SIGNED[A-Z_]*|UNABLE_TO_[A-Z_]+)\b/.exec(
    details,
  )?.[1];
  // Its time says nothing to people.
  const message = details.replace(/ \(\d{4}-\d\d-\d\dT[^)]*\)$/, '').replace(/^.*Last error: /s, '');
  return Object.assign(new Error(message), { code: code ?? (message.includes('self-signed') ? 'SELF_SIGNED' : '') });
}

function adviceFor(code: status): string {
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED)
    return 'check the headers with its credentials';
  if (code === status.UNIMPLEMENTED) return 'it does not take traces over gRPC';
  return 'what it refused is not sent again';
}
