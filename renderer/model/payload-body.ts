import type { Finding, RedactedPayload } from '../../src/shared/domain/redacted.ts';

/** Most characters shown before the reader asks for all. */
export const PREVIEW_CHARACTERS = 100 * 1_024;

export type PayloadBody =
  | { readonly kind: 'json'; readonly value: unknown; readonly marks: ReadonlyMap<string, readonly Finding[]> }
  | { readonly kind: 'text'; readonly text: string; readonly cut: boolean };

/** A captured body made ready to be drawn: a tree when it is whole JSON, else text, at most a preview of it. */
export function payloadBody(payload: RedactedPayload, all: boolean): PayloadBody {
  const cut = !all && payload.text.length > PREVIEW_CHARACTERS;
  if (cut) return { kind: 'text', text: payload.text.slice(0, PREVIEW_CHARACTERS), cut };
  if (!payload.mediaType.includes('json')) return { kind: 'text', text: payload.text, cut };
  try {
    const value: unknown = JSON.parse(payload.text);
    return { kind: 'json', value, marks: findingsByPath(payload.findings) };
  } catch {
    // A body cut short by the capture limit is no longer JSON: show it as it is.
    return { kind: 'text', text: payload.text, cut };
  }
}

function findingsByPath(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const byPath = new Map<string, Finding[]>();
  for (const finding of findings) {
    const list = byPath.get(finding.path) ?? [];
    list.push(finding);
    byPath.set(finding.path, list);
  }
  return byPath;
}
