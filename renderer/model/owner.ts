import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';

/** The gateway's own spans wear no colour: what stands out is whose server answered. */
export const GATEWAY_OWNER = 'throughline';

export const HUE_COUNT = 10;

const SERVER_ATTRIBUTE = 'throughline.server.id';

/**
 * Whose work a span is: the server a client span calls, else the foreign service that sent it, else its parent's owner.
 * So the legs below a client call wear their server's colour, and what the gateway does itself wears none.
 */
export function ownerOf(span: RedactedSpan, parentOwner: string | null): string {
  const server = span.kind === 'client' ? span.attributes[SERVER_ATTRIBUTE] : undefined;
  if (typeof server === 'string' && server !== '') return server;
  const service = span.origin.resource['service.name'];
  if (typeof service === 'string' && service !== '' && service !== GATEWAY_OWNER) return service;
  return parentOwner ?? GATEWAY_OWNER;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A stable hue for a name: the same server has the same colour in every window and every run. */
export function hueIndex(name: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < name.length; index += 1) {
    hash ^= name.charCodeAt(index);
    hash = Math.imul(hash, FNV_PRIME) >>> 0;
  }
  return ((hash ^ (hash >>> 15)) >>> 0) % HUE_COUNT;
}

/** The CSS variable that holds an owner's colour. */
export function hueVariable(owner: string): string {
  return owner === GATEWAY_OWNER ? 'var(--hue-gateway)' : `var(--hue-${String(hueIndex(owner))})`;
}
