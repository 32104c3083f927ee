import type { SpanId } from '../../shared/domain/ids.ts';
import type { AttributeValue } from '../../shared/domain/span.ts';
import { ATTRIBUTE, EXCEPTION_EVENT, EXCEPTION_MESSAGE } from '../attribute-keys.ts';
import { fromWord, toWord } from '../codec/known-words.ts';
import {
  attributesOf,
  hasRemoteParent,
  kindOf,
  originOf,
  parentOf,
  timeOf,
  type AttributeRow,
  type SpanRow,
  type SpanRows,
} from '../codec/span-rows.ts';

/** What a trace's summary and the query language need to know of one span. */
export interface SpanFacts {
  readonly spanId: SpanId;
  /** The row that holds the span. */
  readonly partNo: number;
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
  /** Of the two revisions of MCP that a trace tells, a span knows one: a call's is its server's, all others' the client's. */
  readonly clientProtocol: string | null;
  readonly serverProtocol: string | null;
  readonly service: string | null;
  readonly stoppedBy: string | null;
  readonly upkeep: string | null;
  /** What a client was asked for by the server; null unless the span is the wait for its answer. */
  readonly inputMethods: readonly string[] | null;
  /** Something was asked for: a message that was served, and not for upkeep. */
  readonly isServedCall: boolean;
  readonly findingCount: number;
}

type FactName = keyof typeof ATTRIBUTE;
type Found = Partial<Record<FactName, AttributeValue>>;

/** Facts of all spans of a part; `begin` of the rows is read once for all. */
export function factsOfRows(rows: SpanRows, partNo: number): SpanFacts[] {
  const begin = BigInt(rows[0]);
  return rows[2].map((row) => factsOf(rows, row, begin, partNo));
}

function factsOf(rows: SpanRows, row: SpanRow, begin: bigint, partNo: number): SpanFacts {
  const found = findFacts(row[6]);
  const extra = row[7];
  const hasErrorStatus = extra?.s?.[0] === 'error';
  // A caller's fault leaves the serving side's span UNSET without `error.type`, and is a failed call all the same (R35).
  const errorType = textOf(found.errorType) ?? textOf(found.rpcErrorCode);
  const upkeep = textOf(found.upkeep);
  const protocol = textOf(found.protocol);
  const isToServer = kindOf(row) === 'client';
  return {
    spanId: row[0],
    partNo,
    parentSpanId: parentOf(rows, row),
    parentIsRemote: hasRemoteParent(row),
    name: fromWord(row[3]),
    startTime: timeOf(begin, row[4]),
    endTime: row[5] === null ? null : timeOf(begin, row[5]),
    hasErrorStatus,
    errorType,
    errorMessage: hasErrorStatus || errorType !== null ? failureMessage(row, found) : null,
    exceptionCount: extra?.e === undefined ? 0 : extra.e.filter(([name]) => fromWord(name) === EXCEPTION_EVENT).length,
    method: textOf(found.method),
    tool: textOf(found.tool),
    prompt: textOf(found.prompt),
    resource: textOf(found.resource),
    serverId: textOf(found.serverId),
    client: textOf(found.clientName),
    clientProtocol: isToServer ? null : protocol,
    serverProtocol: isToServer ? protocol : null,
    service: textOf(originOf(rows, row).resource[ATTRIBUTE.serviceName]),
    stoppedBy: found.chainStopped === true ? (textOf(found.chainStoppedBy) ?? 'plugin') : null,
    upkeep,
    inputMethods: Array.isArray(found.inputMethods) ? found.inputMethods.map(String) : null,
    isServedCall: upkeep === null && kindOf(row) === 'server',
    findingCount: extra?.f?.length ?? 0,
  };
}

/** The fact that stands under each known word; a test keeps all of them among the known words. */
const FACT_NAMES: readonly (FactName | undefined)[] = factNames();

function factNames(): (FactName | undefined)[] {
  const names: (FactName | undefined)[] = [];
  for (const [name, key] of Object.entries(ATTRIBUTE) as [FactName, string][]) {
    const word = toWord(key);
    if (typeof word === 'number') names[word] = name;
  }
  return names;
}

function findFacts(attributes: AttributeRow): Found {
  const found: Found = {};
  for (let at = 0; at < attributes.length; at += 2) {
    const word = attributes[at];
    const name = typeof word === 'number' ? FACT_NAMES[word] : undefined;
    if (name !== undefined) found[name] = attributes[at + 1] as AttributeValue;
  }
  return found;
}

function failureMessage(row: SpanRow, found: Found): string | null {
  const message = row[7]?.s?.[1] ?? null;
  if (message !== null && message !== '') return message;
  const exception = row[7]?.e?.find(([name]) => fromWord(name) === EXCEPTION_EVENT);
  return textOf(exception && attributesOf(exception[2])[EXCEPTION_MESSAGE]) ?? textOf(found.errorMessage);
}

function textOf(value: AttributeValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
