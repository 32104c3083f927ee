import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Metadata, Server, ServerCredentials, type ServiceError, type sendUnaryData } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import type { SpanRecord } from '../../src/shared/domain/span.ts';
import { eventually } from './eventually.ts';
import { expectSameByBothDecoders } from './otlp-decoders.ts';
import { readJson } from './otlp-decoders/json.ts';
import { readSpans, type ReadSpan } from './otlp-decoders/read-spans.ts';

const TLS_FOLDER = new URL('../fixtures/tls/', import.meta.url);

/** Of the authority that has signed the certificate of receivers with TLS. */
export const AUTHORITY_FILE = new URL('authority.pem', TLS_FOLDER).pathname;

export function authorityPem(): string {
  return readFileSync(AUTHORITY_FILE, 'utf8');
}

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly encoding: 'json' | 'protobuf';
  /** Without compression. */
  readonly body: Uint8Array;
  readonly wasCompressed: boolean;
}

/**
 * The spans of a request. Protobuf is read by two decoders that are none of ours, which must agree, and hold what was
 * `exported` where that is given.
 */
export function spansOf({ encoding, body }: ReceivedRequest, exported?: readonly SpanRecord[]): readonly ReadSpan[] {
  return encoding === 'json' ? readSpans(readJson(body)) : expectSameByBothDecoders(body, exported);
}

/** Of all requests that came, the names of their spans. */
export function spanNames(requests: readonly ReceivedRequest[]): string[] {
  return requests.flatMap((request) => spansOf(request).map(({ name }) => name));
}

/** What a receiver over HTTP answers with. `hang`: nothing, ever. `cut`: it ends the connection. */
export type HttpAnswer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    }
  | 'hang'
  | 'cut';

/** Takes OTLP on a real socket and keeps what came. It answers with success unless told otherwise. */
export interface OtlpReceiver<Answer> {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
  /** For the next requests, one each. */
  answerWith(...answers: readonly Answer[]): void;
  /** For all further requests. */
  alwaysAnswerWith(answer: Answer | null): void;
  /** Waits until so many requests have come. */
  received(count: number): Promise<readonly ReceivedRequest[]>;
  close(): Promise<void>;
}

interface ReceiverOptions {
  readonly tls?: boolean;
  readonly port?: number;
}

class Inbox<Answer> {
  readonly requests: ReceivedRequest[] = [];
  readonly #next: Answer[] = [];
  #always: Answer | null = null;

  take(request: ReceivedRequest): Answer | null {
    this.requests.push(request);
    return this.#next.shift() ?? this.#always;
  }

  of(parts: Pick<OtlpReceiver<Answer>, 'url' | 'port' | 'close'>): OtlpReceiver<Answer> {
    onTestFinished(parts.close);
    return {
      ...parts,
      requests: this.requests,
      answerWith: (...answers) => {
        this.#next.push(...answers);
      },
      alwaysAnswerWith: (answer) => {
        this.#always = answer;
      },
      received: (count) =>
        eventually(`${count} requests came`, () => (this.requests.length >= count ? this.requests : null)),
    };
  }
}

export async function startHttpReceiver({ tls = false, port = 0 }: ReceiverOptions = {}): Promise<
  OtlpReceiver<HttpAnswer>
> {
  const inbox = new Inbox<HttpAnswer>();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const answer = inbox.take(requestOf(request, Buffer.concat(parts)));
      if (answer === 'hang') return;
      if (answer === 'cut') {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer?.status ?? 200, {
        'content-type': request.headers['content-type'],
        ...answer?.headers,
      });
      response.end(answer?.body ?? (request.headers['content-type'] === 'application/json' ? '{}' : ''));
    });
  };
  const server = tls
    ? createHttpsServer({ key: pem('receiver-key.pem'), cert: pem('receiver.pem') }, handle)
    : createHttpServer(handle);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  return inbox.of({
    url: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  });
}

function requestOf({ url = '', headers }: IncomingMessage, bytes: Buffer): ReceivedRequest {
  const wasCompressed = headers['content-encoding'] === 'gzip';
  return {
    path: url,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    encoding: headers['content-type'] === 'application/json' ? 'json' : 'protobuf',
    body: wasCompressed ? gunzipSync(bytes) : bytes,
    wasCompressed,
  };
}

/** An error of gRPC, or the bytes of an ExportTraceServiceResponse; `hang`: nothing, ever. */
export type GrpcAnswer =
  | { readonly code: number; readonly details: string; readonly statusDetails?: Uint8Array }
  | { readonly response: Uint8Array }
  | 'hang';

export async function startGrpcReceiver({ tls = false, port = 0 }: ReceiverOptions = {}): Promise<
  OtlpReceiver<GrpcAnswer>
> {
  const inbox = new Inbox<GrpcAnswer>();
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  const asIs = (bytes: Buffer): Buffer => bytes;
  const server = new Server();
  server.addService(
    {
      export: {
        path,
        requestStream: false,
        responseStream: false,
        requestSerialize: asIs,
        requestDeserialize: asIs,
        responseSerialize: asIs,
        responseDeserialize: asIs,
      },
    },
    {
      export: (call: { request: Buffer; metadata: Metadata }, callback: sendUnaryData<Buffer>) => {
        const headers = Object.fromEntries(
          Object.entries(call.metadata.getMap()).map(([name, value]) => [name, value.toString()]),
        );
        const answer = inbox.take({
          path,
          headers,
          encoding: 'protobuf',
          body: call.request,
          // The library has undone it before anybody can see it; what the client may send says what it chose.
          wasCompressed: (headers['grpc-encoding'] ?? '') === 'gzip',
        });
        if (answer === 'hang') return;
        if (answer === null || 'response' in answer) callback(null, Buffer.from(answer?.response ?? []));
        else callback(errorOf(answer), null);
      },
    },
  );
  const bound = await new Promise<number>((resolve, reject) => {
    const credentials = tls
      ? ServerCredentials.createSsl(null, [{ private_key: pem('receiver-key.pem'), cert_chain: pem('receiver.pem') }])
      : ServerCredentials.createInsecure();
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error, where) => {
      if (error === null) resolve(where);
      else reject(error);
    });
  });
  return inbox.of({
    url: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${bound}`,
    port: bound,
    close() {
      server.forceShutdown();
      return Promise.resolve();
    },
  });
}

function errorOf({
  code,
  details,
  statusDetails,
}: Exclude<GrpcAnswer, 'hang' | { response: Uint8Array }>): ServiceError {
  const metadata = new Metadata();
  if (statusDetails !== undefined) metadata.set('grpc-status-details-bin', Buffer.from(statusDetails));
  return Object.assign(new Error(details), { code, details, metadata });
}

function pem(file: string): Buffer {
  return readFileSync(new URL(file, TLS_FOLDER));
}
