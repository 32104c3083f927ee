/** OTLP/JSON as a receiver reads it (opentelemetry-proto, trace/v1), written against the specification, not our encoder. */

export type OtlpValue = string | number | boolean | readonly OtlpValue[];

export type OtlpAttributes = Readonly<Record<string, OtlpValue>>;

export interface OtlpEvent {
  readonly name: string;
  readonly attributes: OtlpAttributes;
}

export interface OtlpLink {
  readonly traceId: string;
  readonly spanId: string;
}

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: 'INTERNAL' | 'SERVER' | 'CLIENT' | 'OTHER';
  readonly start: bigint;
  readonly end: bigint;
  readonly status: 'UNSET' | 'OK' | 'ERROR';
  readonly statusMessage: string;
  readonly attributes: OtlpAttributes;
  readonly events: readonly OtlpEvent[];
  readonly links: readonly OtlpLink[];
  readonly service: string;
}

interface WireValue {
  readonly stringValue?: string;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values?: readonly WireValue[] };
}

interface WireAttribute {
  readonly key: string;
  readonly value: WireValue;
}

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code?: number; readonly message?: string };
  readonly attributes?: readonly WireAttribute[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly WireAttribute[] }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface WireTraces {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly WireAttribute[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly WireSpan[] }[];
  }[];
}

function readValue(value: WireValue): OtlpValue {
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(readValue);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? '';
}

function readAttributes(attributes: readonly WireAttribute[] = []): OtlpAttributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, readValue(value)]));
}

const KINDS = ['OTHER', 'INTERNAL', 'SERVER', 'CLIENT'] as const;
const STATUSES = ['UNSET', 'OK', 'ERROR'] as const;

function readSpan(span: WireSpan, service: string): OtlpSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId === undefined || span.parentSpanId === '' ? null : span.parentSpanId,
    name: span.name,
    kind: KINDS[span.kind ?? 0] ?? 'OTHER',
    start: BigInt(span.startTimeUnixNano),
    end: BigInt(span.endTimeUnixNano),
    status: STATUSES[span.status?.code ?? 0] ?? 'UNSET',
    statusMessage: span.status?.message ?? '',
    attributes: readAttributes(span.attributes),
    events: (span.events ?? []).map((event) => ({ name: event.name, attributes: readAttributes(event.attributes) })),
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
    service,
  };
}

/** Every span of an OTLP/JSON document, oldest first. */
export function readOtlp(document: unknown): readonly OtlpSpan[] {
  const spans = ((document as WireTraces).resourceSpans ?? []).flatMap(({ resource, scopeSpans }) => {
    const service = String(readAttributes(resource?.attributes)['service.name'] ?? '');
    return (scopeSpans ?? []).flatMap((scope) => (scope.spans ?? []).map((span) => readSpan(span, service)));
  });
  return spans.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

/** The tree as indented lines of names, children by start time: what a person would draw. */
export function outline(spans: readonly OtlpSpan[]): readonly string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const lines: string[] = [];
  const draw = (parent: string | null, depth: number): void => {
    for (const span of spans) {
      const isChild =
        parent === null ? span.parentSpanId === null || !ids.has(span.parentSpanId) : span.parentSpanId === parent;
      if (!isChild) continue;
      lines.push(`${'  '.repeat(depth)}${span.name}`);
      draw(span.spanId, depth + 1);
    }
  };
  draw(null, 0);
  return lines;
}

/** The only span of that name. */
export function spanNamed(spans: readonly OtlpSpan[], name: string): OtlpSpan {
  const found = spans.filter((span) => span.name === name);
  const [span] = found;
  if (span === undefined || found.length > 1) throw new Error(`${found.length} spans are named ${name}`);
  return span;
}
