import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';

/** The gateway's own spans wear no colour: what stands out is whose server answered. */
export const GATEWAY_OWNER = 'throughline';

export const HUE_COUNT = 10;

const SERVER_ATTRIBUTE = 'throughline.server.id';

/** What a span has above it. */
export interface OwnedSpan {
  readonly span: RedactedSpan;
  readonly owner: string;
}

/**
 * Whose work a span is: the server a client span calls, else the foreign service that sent it, else its parent's owner.
 * So the legs below a client call wear their server's colour, and what the gateway does itself, also for somebody whose
 * span is above it, wears none.
 */
export function ownerOf(span: RedactedSpan, parent: OwnedSpan | null): string {
  const server = span.kind === 'client' ? span.attributes[SERVER_ATTRIBUTE] : undefined;
  if (typeof server === 'string' && server !== '') return server;
  const service = remoteService(span);
  if (service !== null) return service;
  return parent === null || remoteService(parent.span) !== null ? GATEWAY_OWNER : parent.owner;
}

/** `service.name` of the process that made a span; empty when it has not said. */
export function serviceOf({ origin: { resource } }: RedactedSpan): string {
  const service = resource['service.name'];
  return typeof service === 'string' ? service : '';
}

/** The process that a span was received from; null for the gateway's own, whatever OTEL_SERVICE_NAME calls it. */
export function remoteService(span: RedactedSpan): string | null {
  const service = serviceOf(span);
  const isOwn = service === GATEWAY_OWNER || span.origin.scopeName === GATEWAY_OWNER;
  return service === '' || isOwn ? null : service;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Whose the hues are, as long as there is one for each name. */
const hueOwners = new Map<number, string>();

/**
 * The hue of a name: the one that its letters give, so that it is the same in every window and every run, or the next
 * that is free when another name of this window has that one. When all are taken, names share.
 */
export function hueIndex(name: string): number {
  const wanted = hashOf(name) % HUE_COUNT;
  for (let step = 0; step < HUE_COUNT; step += 1) {
    const hue = (wanted + step) % HUE_COUNT;
    const owner = hueOwners.get(hue);
    if (owner === undefined) hueOwners.set(hue, name);
    if (owner === undefined || owner === name) return hue;
  }
  return wanted;
}

function hashOf(name: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < name.length; index += 1) {
    hash ^= name.charCodeAt(index);
    hash = Math.imul(hash, FNV_PRIME) >>> 0;
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The CSS variable that holds an owner's colour. */
export function hueVariable(owner: string): string {
  return owner === GATEWAY_OWNER ? 'var(--hue-gateway)' : `var(--hue-${String(hueIndex(owner))})`;
}
