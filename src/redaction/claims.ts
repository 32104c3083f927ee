import type { Finding, RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import type { SpanRecord } from '../shared/domain/span.ts';
import { parseJson } from '../shared/kernel/parse-json.ts';
import { childPath, MOST_FINDINGS } from './findings.ts';
import { actionOfWidth, isMasked, MASK } from './forms.ts';
import { mintRedacted } from './mint.ts';
import type { Pipeline } from './pipeline.ts';
import type { ClaimedPayload } from './port.ts';

/** Redaction of what others made, with what they say was hidden in it. */
export interface Claims {
  span(record: SpanRecord, claimed: readonly Finding[]): RedactedSpan;
  payload(payload: ClaimedPayload, claimed: readonly Finding[]): RedactedPayload;
}

/**
 * Redacts as what has never been redacted: a file may hold anything, whatever it claims. A claim is kept where a mask
 * stands that was not put there just now, so that it is still told what was hidden, and why.
 */
export function createClaims({ span, payload, text }: Pipeline): Claims {
  /** A claim's words may be what has to be hidden. */
  const areHarmless = ({ rule, kind }: Finding): boolean => text(rule) === rule && text(kind) === kind;

  function kept(claimed: readonly Finding[], root: unknown, fresh: readonly Finding[]): readonly Finding[] {
    const room = MOST_FINDINGS - fresh.length;
    if (claimed.length === 0 || room <= 0) return [];
    const freshAt = Map.groupBy(fresh, ({ path }) => path);
    return claimed
      .filter(
        (claim) =>
          isFinding(claim) &&
          delimitsMask(claim, textAt(root, claim.path)) &&
          !(freshAt.get(claim.path) ?? []).some((other) => overlap(claim, other)) &&
          areHarmless(claim),
      )
      .slice(0, room);
  }

  return {
    span(record, claimed) {
      const fresh = span(record);
      const claims = kept(claimed, fresh, fresh.findings);
      return claims.length === 0 ? fresh : mintRedacted({ ...fresh, findings: [...fresh.findings, ...claims] });
    },
    payload(body, claimed) {
      const { traceId, spanId, direction, mediaType, text: whole } = body;
      const fresh = payload({ traceId, spanId, direction, mediaType, text: whole });
      const root = fresh.mediaType === 'text/plain' ? undefined : parseJson(fresh.text);
      const claims = kept(claimed, root === undefined ? fresh.text : root, fresh.findings);
      return mintRedacted({
        ...fresh,
        // A mask may be longer than what it hides, so that what travelled may have been the smaller.
        originalBytes: body.originalBytes,
        truncated: fresh.truncated || body.truncated,
        findings: [...fresh.findings, ...claims],
      });
    },
  };
}

const HASH = /^[0-9a-f]{16}$/;

function isFinding({ start, end, hash }: Finding): boolean {
  return Number.isSafeInteger(start) && start >= 0 && end >= start && HASH.test(hash);
}

function overlap(one: Finding, other: Finding): boolean {
  return one.start < other.end && other.start < one.end;
}

/** Of what was dropped nothing is left that could be seen; it is then believed where there is such a place. */
function delimitsMask({ start, end }: Finding, text: string | null): boolean {
  if (text === null || end > text.length || actionOfWidth(end - start) === null) return false;
  return start === end || (text.startsWith(MASK, start) && isMasked(text.slice(start, end)));
}

/** The string at a finding's path (see Finding), or the name that a path with `#` at its end means. */
function textAt(root: unknown, path: string): string | null {
  const isName = path.endsWith('#');
  const segments = (isName ? path.slice(0, -1) : path).split('/').slice(1);
  const last = isName ? segments.pop() : undefined;
  let at: unknown = root;
  for (const segment of segments) {
    const key = memberOf(at, segment);
    if (key === null) return null;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  const found = last === undefined ? at : memberOf(at, last);
  return typeof found === 'string' ? found : null;
}

/** The member whose segment this is. Long names are cut in paths, so that only looking for them tells. */
function memberOf(value: unknown, segment: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  if (Object.hasOwn(value, segment) && childPath('', segment) === `/${segment}`) return segment;
  return Object.keys(value).find((key) => childPath('', key) === `/${segment}`) ?? null;
}
