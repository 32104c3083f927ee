import root from 'otlp-oracle/build/src/generated/root.js';
import type { WireMessage } from './wire-message.ts';

/** A message of the classes that otlp-transformer 0.216.0 generated from the published definitions. */
type Fields = Readonly<Record<string, unknown>>;

interface Long {
  toString(): string;
}

interface Generated {
  readonly opentelemetry: {
    readonly proto: {
      readonly collector: {
        readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: { decode(bytes: Uint8Array): Fields } } };
      };
    };
  };
}

/** Its own types know only the reflection of protobufjs, not the generated classes. */
const generated: unknown = root;

/** An export read by the classes of an older release of the SDK: none of our code, and none of what encoded it. */
export function readByGenerated(bytes: Uint8Array): WireMessage {
  const { ExportTraceServiceRequest } = (generated as Generated).opentelemetry.proto.collector.trace.v1;
  return toMessage(ExportTraceServiceRequest.decode(bytes));
}

function toMessage(fields: Fields): WireMessage {
  const value = (field: string): unknown => (Object.hasOwn(fields, field) ? (fields[field] ?? undefined) : undefined);
  /** 64-bit integers are objects with their own text. */
  const scalar = (field: string) => value(field) as string | number | Long | undefined;
  return {
    has: (field) => value(field) !== undefined,
    text: (field) => String(scalar(field) ?? ''),
    number: (field) => Number(value(field) ?? 0),
    bool: (field) => value(field) === true,
    digits: (field) => String(scalar(field) ?? 0),
    hex: (field) => Buffer.from((value(field) ?? []) as Uint8Array).toString('hex'),
    message(field) {
      const found = value(field);
      return found === undefined ? null : toMessage(found as Fields);
    },
    messages: (field) => ((value(field) ?? []) as readonly Fields[]).map(toMessage),
  };
}
