/** OTLP/JSON as it is written on the wire (opentelemetry-proto, trace/v1). */
export interface JsonTraces {
  readonly resourceSpans: readonly JsonResourceSpans[];
}

export interface JsonResourceSpans {
  readonly resource: { readonly attributes: readonly JsonAttribute[] };
  readonly scopeSpans: readonly {
    readonly scope: { readonly name: string; readonly version?: string };
    readonly spans: readonly JsonSpan[];
  }[];
}

export interface JsonSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly JsonAttribute[];
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly links: readonly Readonly<Record<string, unknown>>[];
  readonly status: { readonly code: number; readonly message?: string };
}

export interface JsonAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

export function parseTraces(bytes: Uint8Array): JsonTraces {
  return JSON.parse(Buffer.from(bytes).toString()) as JsonTraces;
}

/** The spans of the first scope of the first resource. */
export function firstSpans(traces: JsonTraces): readonly JsonSpan[] {
  return traces.resourceSpans[0]!.scopeSpans[0]!.spans;
}
