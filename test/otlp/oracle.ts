import root from 'otlp-oracle/build/src/generated/root.js';

/** OTLP as the protobuf classes generated from the published .proto files read it: none of our encoder's code. */
export interface OracleValue {
  readonly stringValue?: string | null;
  readonly boolValue?: boolean | null;
  readonly intValue?: Long | number | null;
  readonly doubleValue?: number | null;
  readonly arrayValue?: { readonly values: readonly OracleValue[] } | null;
}

interface Long {
  toString(): string;
}

export interface OracleAttribute {
  readonly key: string;
  readonly value: OracleValue;
}

export interface OracleSpan {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array | null;
  readonly traceState: string | null;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: Long;
  readonly endTimeUnixNano: Long;
  readonly attributes: readonly OracleAttribute[];
  readonly droppedAttributesCount: number;
  readonly events: readonly OracleEvent[];
  readonly droppedEventsCount: number;
  readonly links: readonly OracleLink[];
  readonly droppedLinksCount: number;
  readonly status: { readonly code: number; readonly message: string | null };
}

export interface OracleEvent {
  readonly name: string;
  readonly timeUnixNano: Long;
  readonly attributes: readonly OracleAttribute[];
}

export interface OracleLink {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly attributes: readonly OracleAttribute[];
}

export interface OracleRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OracleAttribute[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string; readonly version: string | null };
      readonly spans: readonly OracleSpan[];
    }[];
  }[];
}

interface Generated {
  readonly opentelemetry: {
    readonly proto: {
      readonly collector: {
        readonly trace: {
          readonly v1: { readonly ExportTraceServiceRequest: { decode(bytes: Uint8Array): OracleRequest } };
        };
      };
    };
  };
}

/** Its own types know only the reflection of protobufjs, not the generated classes. */
const generated: unknown = root;

export function decodeByOracle(bytes: Uint8Array): OracleRequest {
  return (generated as Generated).opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest.decode(bytes);
}

export interface ReadResource {
  readonly scopeSpans: readonly { readonly spans: readonly { readonly attributes: unknown }[] }[];
}

/** What the protobuf classes read, in the words of OTLP/JSON. */
export function inJsonWords(request: OracleRequest): readonly ReadResource[] {
  const hex = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('hex'));
  const value = (wire: OracleValue): unknown => {
    if (wire.arrayValue) return { arrayValue: { values: wire.arrayValue.values.map(value) } };
    if (wire.intValue !== null && wire.intValue !== undefined) return { intValue: Number(wire.intValue.toString()) };
    return Object.fromEntries(Object.entries(wire).filter(([, field]) => field !== null));
  };
  const attributes = (list: readonly OracleAttribute[]): unknown =>
    list.map((attribute) => ({ key: attribute.key, value: value(attribute.value) }));
  const span = (wire: OracleSpan) => ({
    traceId: hex(wire.traceId),
    spanId: hex(wire.spanId),
    parentSpanId: hex(wire.parentSpanId),
    traceState: wire.traceState,
    flags: wire.flags,
    name: wire.name,
    kind: wire.kind,
    startTimeUnixNano: wire.startTimeUnixNano.toString(),
    endTimeUnixNano: wire.endTimeUnixNano.toString(),
    attributes: attributes(wire.attributes),
    droppedAttributesCount: wire.droppedAttributesCount,
    events: wire.events.map((event) => ({
      name: event.name,
      timeUnixNano: event.timeUnixNano.toString(),
      attributes: attributes(event.attributes),
    })),
    droppedEventsCount: wire.droppedEventsCount,
    links: wire.links.map((link) => ({
      traceId: hex(link.traceId),
      spanId: hex(link.spanId),
      attributes: attributes(link.attributes),
    })),
    droppedLinksCount: wire.droppedLinksCount,
    status: { code: wire.status.code, message: wire.status.message },
  });
  return request.resourceSpans.map(({ resource, scopeSpans }) => ({
    resource: attributes(resource.attributes),
    scopeSpans: scopeSpans.map(({ scope, spans }) => ({
      scope: { name: scope.name, version: scope.version },
      spans: spans.map(span),
    })),
  }));
}
