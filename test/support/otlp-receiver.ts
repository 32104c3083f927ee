import { gunzipSync } from 'node:zlib';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { listen } from '../fixtures/servers/http-listener.ts';
import { decodeByOracle, inJsonWords } from '../otlp/oracle.ts';
import { eventually } from './eventually.ts';
import { readOtlp, type OtlpSpan } from './otlp.ts';

/** Somebody else's OTLP endpoint. */
export interface OtlpReceiver {
  readonly origin: string;
  spans(): readonly OtlpSpan[];
  /** Of each request that came. */
  headers(): readonly IncomingHttpHeaders[];
  /** Waits until a span came that `matches`. */
  waitForSpan(what: string, matches: (span: OtlpSpan) => boolean): Promise<OtlpSpan>;
  close(): Promise<void>;
}

export interface OtlpReceiverOptions {
  /** `never`: takes requests and leaves them. */
  readonly answers?: 'always' | 'never';
}

/** Takes OTLP over HTTP as protobuf, and reads it by the classes that were generated from the published .proto files. */
export async function startOtlpReceiver({ answers = 'always' }: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const spans: OtlpSpan[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const listener = await listen(async (request, response) => {
    headers.push(request.headers);
    const body = await bodyOf(request);
    if (answers === 'never') return;
    if (request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/x-protobuf') {
      response.writeHead(404).end();
      return;
    }
    spans.push(...spansOf(body));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  return {
    origin: listener.origin,
    spans: () => spans,
    headers: () => headers,
    waitForSpan: (what, matches) => eventually(what, () => spans.find(matches) ?? null),
    close: () => listener.close(),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function spansOf(body: Uint8Array): readonly OtlpSpan[] {
  const resources = inJsonWords(decodeByOracle(body)) as readonly { resource: unknown; scopeSpans: unknown }[];
  return readOtlp({
    resourceSpans: resources.map(({ resource, scopeSpans }) => ({ resource: { attributes: resource }, scopeSpans })),
  });
}
