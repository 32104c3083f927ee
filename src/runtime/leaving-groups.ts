import { encodeTraces, type EncodeOptions } from '../otlp/encode-traces.ts';
import type { RedactionControl } from '../redaction/port.ts';
import type { SpanId } from '../shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import { seedNameOf } from '../telemetry/span-names.ts';
import { createExportGuard } from './redaction/export-guard.ts';

/** Spans and bodies of about so many characters are read in one go: more would keep calls of this thread waiting. */
const GROUP_LENGTH = 96 * 1024;
const SPAN_LENGTH = 1_000;

/** As much of a trace as is redacted again, read and encoded without a pause. */
export interface LeavingGroup {
  readonly spans: readonly RedactedSpan[];
  readonly payloads: readonly RedactedPayload[];
}

/** Spans in their order, each with its bodies. */
export function leavingGroups(
  spans: readonly RedactedSpan[],
  payloads: readonly RedactedPayload[],
): readonly LeavingGroup[] {
  const bodiesOf: ReadonlyMap<SpanId, RedactedPayload[]> = Map.groupBy(payloads, ({ spanId }) => spanId);
  const groups: { readonly spans: RedactedSpan[]; readonly payloads: RedactedPayload[] }[] = [];
  let length = GROUP_LENGTH;
  for (const span of spans) {
    if (length >= GROUP_LENGTH) {
      groups.push({ spans: [], payloads: [] });
      length = 0;
    }
    const bodies = bodiesOf.get(span.spanId) ?? [];
    groups.at(-1)?.spans.push(span);
    groups.at(-1)?.payloads.push(...bodies);
    length += bodies.reduce((sum, { text }) => sum + text.length, SPAN_LENGTH);
  }
  return groups;
}

/** A hash is made of random digits: of many of them one is sure to look like a card's number, or like a token. */
function withoutHashes<T extends RedactedSpan | RedactedPayload>(value: T): T {
  return { ...value, findings: value.findings.map((finding) => ({ ...finding, hash: '' })) };
}

/** The bytes of a group as they leave. Throws an ExportBlocked when they hold what must not. */
export type EncodeLeaving = (group: LeavingGroup, options: EncodeOptions) => Uint8Array;

/** The only way of spans and bodies out of this process: redacted with the rules of now (R26), and read once more. */
export function createEncodeLeaving(
  control: Pick<RedactionControl, 'spanAgain' | 'payloadAgain' | 'inspect' | 'rules'>,
): EncodeLeaving {
  const guard = createExportGuard(control);
  return ({ spans, payloads }, { format, ...asked }) => {
    const redacted = spans.map((span) => control.spanAgain(span));
    const bodies = payloads.map((payload) => control.payloadAgain(payload));
    const written = (as: EncodeOptions['format']): Uint8Array =>
      encodeTraces(redacted, bodies, { ...asked, nameOf: seedNameOf, format: as });
    if (asked.withFindings === true) {
      const findings = redacted.map(withoutHashes);
      guard(encodeTraces(findings, bodies.map(withoutHashes), { ...asked, format: 'otlp-json' }));
      return written(format);
    }
    const json = written('otlp-json');
    // Protobuf is no text: the same spans are read as JSON.
    guard(json);
    return format === 'otlp-proto' ? written(format) : json;
  };
}
