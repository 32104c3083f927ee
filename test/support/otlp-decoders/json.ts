import type { WireMessage } from './wire-message.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An export in OTLP/JSON, which writes ids in hex. */
export function readJson(bytes: Uint8Array): WireMessage {
  return toMessage(JSON.parse(Buffer.from(bytes).toString('utf8')) as Fields);
}

function toMessage(fields: Fields): WireMessage {
  const value = (field: string): unknown => fields[field];
  const scalar = (field: string) => value(field) as string | number | undefined;
  return {
    has: (field) => value(field) !== undefined,
    text: (field) => String(scalar(field) ?? ''),
    number: (field) => Number(value(field) ?? 0),
    bool: (field) => value(field) === true,
    digits: (field) => String(scalar(field) ?? 0),
    hex: (field) => String(scalar(field) ?? ''),
    message(field) {
      const found = value(field);
      return found === undefined ? null : toMessage(found as Fields);
    },
    messages: (field) => ((value(field) ?? []) as readonly Fields[]).map(toMessage),
  };
}
