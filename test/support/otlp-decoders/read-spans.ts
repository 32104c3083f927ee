import type { WireMessage } from './wire-message.ts';

/** A value with the type it has on the wire. */
export type ReadValue =
  | { readonly text: string }
  | { readonly bool: boolean }
  /** Decimal digits. */
  | { readonly int: string }
  | { readonly double: number }
  | { readonly list: readonly ReadValue[] }
  | { readonly map: ReadAttributes }
  | { readonly bytes: string }
  | { readonly nothing: true };

export type ReadAttributes = readonly (readonly [key: string, value: ReadValue])[];

/** Every field of a span and of what is around it, as a decoder read them. */
export interface ReadSpan {
  readonly resource: ReadAttributes;
  readonly scope: { readonly name: string; readonly version: string };
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: ReadAttributes;
  readonly droppedAttributesCount: number;
  readonly events: readonly {
    readonly timeUnixNano: string;
    readonly name: string;
    readonly attributes: ReadAttributes;
    readonly droppedAttributesCount: number;
  }[];
  readonly droppedEventsCount: number;
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly traceState: string;
    readonly attributes: ReadAttributes;
    readonly droppedAttributesCount: number;
    readonly flags: number;
  }[];
  readonly droppedLinksCount: number;
  readonly status: { readonly code: number; readonly message: string };
}

/** The spans of an `ExportTraceServiceRequest`, in their order. */
export function readSpans(request: WireMessage): readonly ReadSpan[] {
  return request.messages('resourceSpans').flatMap((group) => {
    const resource = attributesIn(group.message('resource'));
    return group.messages('scopeSpans').flatMap((scopeSpans) => {
      const scope = scopeSpans.message('scope');
      const origin = { name: scope?.text('name') ?? '', version: scope?.text('version') ?? '' };
      return scopeSpans.messages('spans').map((span) => ({ resource, scope: origin, ...readSpan(span) }));
    });
  });
}

function readSpan(span: WireMessage): Omit<ReadSpan, 'resource' | 'scope'> {
  const status = span.message('status');
  return {
    traceId: span.hex('traceId'),
    spanId: span.hex('spanId'),
    parentSpanId: span.hex('parentSpanId'),
    traceState: span.text('traceState'),
    flags: span.number('flags'),
    name: span.text('name'),
    kind: span.number('kind'),
    startTimeUnixNano: span.digits('startTimeUnixNano'),
    endTimeUnixNano: span.digits('endTimeUnixNano'),
    attributes: attributesIn(span),
    droppedAttributesCount: span.number('droppedAttributesCount'),
    events: span.messages('events').map((event) => ({
      timeUnixNano: event.digits('timeUnixNano'),
      name: event.text('name'),
      attributes: attributesIn(event),
      droppedAttributesCount: event.number('droppedAttributesCount'),
    })),
    droppedEventsCount: span.number('droppedEventsCount'),
    links: span.messages('links').map((link) => ({
      traceId: link.hex('traceId'),
      spanId: link.hex('spanId'),
      traceState: link.text('traceState'),
      attributes: attributesIn(link),
      droppedAttributesCount: link.number('droppedAttributesCount'),
      flags: link.number('flags'),
    })),
    droppedLinksCount: span.number('droppedLinksCount'),
    status: { code: status?.number('code') ?? 0, message: status?.text('message') ?? '' },
  };
}

function attributesIn(message: WireMessage | null): ReadAttributes {
  return keyValues(message, 'attributes');
}

function keyValues(message: WireMessage | null, field: string): ReadAttributes {
  return (message?.messages(field) ?? []).map((entry) => [entry.text('key'), readValue(entry.message('value'))]);
}

function readValue(value: WireMessage | null): ReadValue {
  if (value === null) return { nothing: true };
  if (value.has('stringValue')) return { text: value.text('stringValue') };
  if (value.has('boolValue')) return { bool: value.bool('boolValue') };
  if (value.has('intValue')) return { int: value.digits('intValue') };
  if (value.has('doubleValue')) return { double: value.number('doubleValue') };
  if (value.has('arrayValue')) return { list: value.message('arrayValue')?.messages('values').map(readValue) ?? [] };
  if (value.has('kvlistValue')) return { map: keyValues(value.message('kvlistValue'), 'values') };
  return value.has('bytesValue') ? { bytes: value.hex('bytesValue') } : { nothing: true };
}
