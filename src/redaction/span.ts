import type { RedactedSpan } from '../shared/domain/redacted.ts';
import type { SpanEvent, SpanLink, SpanOrigin, SpanRecord } from '../shared/domain/span.ts';
import { createAttributeRedactor } from './attributes.ts';
import { redactWithin } from './bounds.ts';
import { neutralizeControls } from './controls.ts';
import type { Engine } from './engine.ts';
import type { FindingList } from './findings.ts';
import { joinHits } from './hits.ts';
import type { RedactionLimits } from './limits.ts';
import { mintRedacted } from './mint.ts';
import type { Screen } from './screen/screen.ts';

export interface SpanRedaction {
  readonly engine: Engine;
  readonly screen: Screen;
  readonly limits: RedactionLimits;
  readonly newFindings: () => FindingList;
}

/** Redacts every string of a span: a field that is added to SpanRecord and forgotten here does not compile. */
export function createSpanRedactor({
  engine,
  screen,
  limits,
  newFindings,
}: SpanRedaction): (span: SpanRecord) => RedactedSpan {
  const redactAttributes = createAttributeRedactor(engine, screen, limits);

  function redactText(text: string, limit: number, path: string, findings: FindingList): string {
    if (text.length <= limit && screen.isClearText(text)) return text;
    const masked = redactWithin(neutralizeControls(text), limit, (part) =>
      joinHits(engine.findInText(part), findings.standing?.(path)),
    );
    findings.add(path, masked.marks);
    return masked.text;
  }

  function redactEvent(event: SpanEvent, path: string, findings: FindingList): SpanEvent {
    return {
      name: redactText(event.name, limits.attributeLength, `${path}/name`, findings),
      time: event.time,
      attributes: redactAttributes(event.attributes, `${path}/attributes`, findings),
    };
  }

  function redactLink(link: SpanLink, path: string, findings: FindingList): SpanLink {
    return { ...link, attributes: redactAttributes(link.attributes, `${path}/attributes`, findings) };
  }

  function redactOrigin(origin: SpanOrigin, findings: FindingList): SpanOrigin {
    const limit = limits.attributeLength;
    const resource = redactAttributes(origin.resource, '/origin/resource', findings);
    const scopeName = redactText(origin.scopeName, limit, '/origin/scopeName', findings);
    const scopeVersion =
      origin.scopeVersion === null ? null : redactText(origin.scopeVersion, limit, '/origin/scopeVersion', findings);
    const isUnchanged =
      resource === origin.resource && scopeName === origin.scopeName && scopeVersion === origin.scopeVersion;
    // Kept as it is, so that what keeps spans sees by identity that many have the same.
    return isUnchanged ? origin : { resource, scopeName, scopeVersion };
  }

  return (span) => {
    const list = newFindings();
    const { message } = span.status;
    return mintRedacted({
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      parentIsRemote: span.parentIsRemote,
      traceState:
        span.traceState === null ? null : redactText(span.traceState, limits.attributeLength, '/traceState', list),
      name: redactText(span.name, limits.attributeLength, '/name', list),
      kind: span.kind,
      startTime: span.startTime,
      endTime: span.endTime,
      status: {
        code: span.status.code,
        message: message === null ? null : redactText(message, limits.exceptionLength, '/status/message', list),
      },
      attributes: redactAttributes(span.attributes, '/attributes', list),
      events: span.events.map((event, index) => redactEvent(event, `/events/${index}`, list)),
      links: span.links.map((link, index) => redactLink(link, `/links/${index}`, list)),
      origin: redactOrigin(span.origin, list),
      dropped: span.dropped,
      findings: list.findings,
    });
  };
}
