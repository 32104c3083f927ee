/** The longest of what is recorded; longer values are redacted first and cut afterwards (R20). */
export interface RedactionLimits {
  /** Of a captured body, in UTF-8 bytes. */
  readonly payloadBytes: number;
  /** The others are in UTF-16 code units. */
  readonly attributeLength: number;
  /** Of an exception's message and a status message. */
  readonly exceptionLength: number;
  readonly userAgent: number;
  readonly url: number;
  /** Of a log line or a sentence. */
  readonly textLength: number;
}

export const DEFAULT_LIMITS: RedactionLimits = {
  payloadBytes: 262_144,
  attributeLength: 8_192,
  exceptionLength: 1_024,
  userAgent: 500,
  url: 2_000,
  textLength: 65_536,
};
