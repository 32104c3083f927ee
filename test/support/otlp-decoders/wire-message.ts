/** A message as one of the decoders read it. Field names are those of OTLP/JSON; what is absent has protobuf's default. */
export interface WireMessage {
  has(field: string): boolean;
  text(field: string): string;
  /** A number of at most 32 bits, an enum's number, or a double. */
  number(field: string): number;
  bool(field: string): boolean;
  /** 64 bits, as decimal digits. */
  digits(field: string): string;
  /** Bytes in hex. */
  hex(field: string): string;
  message(field: string): WireMessage | null;
  messages(field: string): readonly WireMessage[];
}
