import type { Attributes, SpanKind, SpanOrigin, StatusCode } from '../../shared/domain/span.ts';

/** By the numbers of opentelemetry-proto, `Span.SpanKind`. Unspecified means internal, as the specification allows. */
const KINDS: readonly SpanKind[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];

export function kindOf(number: number): SpanKind {
  return KINDS[number] ?? 'internal';
}

const STATUS_CODES: readonly StatusCode[] = ['unset', 'ok', 'error'];

export function statusOf(number: number): StatusCode {
  return STATUS_CODES[number] ?? 'unset';
}

/** Bits of `Span.flags`: whether it is known where the parent is, and whether that is another process. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** Null: the flags do not say. */
export function flagsSayRemote(flags: number): boolean | null {
  return (flags & HAS_IS_REMOTE) === 0 ? null : (flags & IS_REMOTE) !== 0;
}

export function originOf(resource: Attributes, scopeName: string, scopeVersion: string): SpanOrigin {
  return { resource, scopeName, scopeVersion: scopeVersion === '' ? null : scopeVersion };
}
