import type { SpanId } from '../../shared/domain/ids.ts';
import type { AttributeValue, Attributes } from '../../shared/domain/span.ts';
import { ATTRIBUTE, EXCEPTION_EVENT } from '../attribute-keys.ts';
import type { ParsedSpan } from '../span-codec.ts';

/** What a trace's summary and the query language need to know of one span. */
export interface SpanFacts {
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | null;
  readonly parentIsRemote: boolean;
  readonly name: string;
  readonly startTime: bigint;
  readonly endTime: bigint | null;
  readonly hasErrorStatus: boolean;
  readonly errorType: string | null;
  /** Only when the span failed. */
  readonly errorMessage: string | null;
  readonly exceptionCount: number;
  readonly method: string | null;
  readonly tool: string | null;
  readonly prompt: string | null;
  readonly resource: string | null;
  readonly serverId: string | null;
  readonly client: string | null;
  readonly service: string | null;
  readonly stoppedBy: string | null;
  readonly findingCount: number;
  /** Estimated bytes that the span takes in the database. */
  readonly bytes: number;
}

export function factsOf(span: ParsedSpan, bytes: number): SpanFacts {
  const { attributes } = span;
  const hasErrorStatus = span.status.code === 'error';
  // A caller's fault leaves the serving side's span UNSET without `error.type`, and is a failed call all the same (R35).
  const errorType = textOf(attributes[ATTRIBUTE.errorType]) ?? textOf(attributes[ATTRIBUTE.rpcErrorCode]);
  const exceptions = span.events.filter((event) => event.name === EXCEPTION_EVENT);
  return {
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    parentIsRemote: span.parentIsRemote,
    name: span.name,
    startTime: BigInt(span.startTime),
    endTime: span.endTime === null ? null : BigInt(span.endTime),
    hasErrorStatus,
    errorType,
    errorMessage: hasErrorStatus || errorType !== null ? failureMessage(span, exceptions[0]?.attributes) : null,
    exceptionCount: exceptions.length,
    method: textOf(attributes[ATTRIBUTE.method]),
    tool: textOf(attributes[ATTRIBUTE.tool]),
    prompt: textOf(attributes[ATTRIBUTE.prompt]),
    resource: textOf(attributes[ATTRIBUTE.resource]),
    serverId: textOf(attributes[ATTRIBUTE.serverId]),
    client: textOf(attributes[ATTRIBUTE.clientName]),
    service: textOf(span.origin.resource[ATTRIBUTE.serviceName]),
    stoppedBy:
      attributes[ATTRIBUTE.chainStopped] === true ? (textOf(attributes[ATTRIBUTE.chainStoppedBy]) ?? 'plugin') : null,
    findingCount: span.findings.length,
    bytes,
  };
}

function failureMessage({ status, attributes }: ParsedSpan, exception: Attributes | undefined): string | null {
  if (status.message !== null && status.message !== '') return status.message;
  return textOf(exception?.[ATTRIBUTE.exceptionMessage]) ?? textOf(attributes[ATTRIBUTE.errorMessage]);
}

function textOf(value: AttributeValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
