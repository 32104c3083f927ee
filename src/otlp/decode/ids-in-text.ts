const HEX = /^[0-9a-fA-F]+$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * An id as lower-case hex. OTLP/JSON writes ids in hex; protobuf's own JSON, which some APIs answer with (Tempo's), in
 * base64. What is neither comes back as it is, and is refused as an id later.
 */
export function idInText(value: unknown, bytes: 8 | 16): string {
  if (typeof value !== 'string') return '';
  if (value.length === bytes * 2 && HEX.test(value)) return value.toLowerCase();
  const base64Length = Math.ceil((bytes * 4) / 3);
  const isBase64 = value.length >= base64Length && value.length <= base64Length + 2 && BASE64.test(value);
  return isBase64 ? Buffer.from(value, 'base64').toString('hex') : value;
}
