import root from 'otlp-oracle/build/src/generated/root.js';

interface Message {
  fromObject(fields: unknown): unknown;
  encode(message: unknown): { finish(): Uint8Array };
}

interface Generated {
  readonly opentelemetry: {
    readonly proto: {
      readonly collector: { readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: Message } } };
    };
  };
}

/** Its own types know only the reflection of protobufjs, not the generated classes. */
const generated: unknown = root;

/** An OTLP/JSON document as protobuf, written by the generated classes of another release: none of our code. */
export function toProtobuf(document: unknown): Uint8Array {
  const { ExportTraceServiceRequest } = (generated as Generated).opentelemetry.proto.collector.trace.v1;
  return ExportTraceServiceRequest.encode(ExportTraceServiceRequest.fromObject(withBytes(document))).finish();
}

const ID_FIELDS = new Set(['traceId', 'spanId', 'parentSpanId']);

/** Ids are hex in OTLP/JSON; the classes take bytes. */
function withBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      ID_FIELDS.has(key) ? Buffer.from(field as string, 'hex') : withBytes(field),
    ]),
  );
}
