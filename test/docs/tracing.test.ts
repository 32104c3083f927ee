import { describe, expect, it } from 'vitest';
import { COUNTED_RESULTS } from '../../src/gateway/upstream/catalog.ts';
import { PLAN_ROUTE } from '../../src/gateway/plan/call-planner.ts';
import { payloadAttributes } from '../../src/otlp/payload-attributes.ts';
import { DEFAULT_LIMITS } from '../../src/redaction/limits.ts';
import type { SpanId, TraceId } from '../../src/shared/domain/ids.ts';
import {
  ATTR,
  CALLER_FAULT_CODES,
  EVENT_EXCEPTION,
  EVENT_NOTIFICATION,
  EVENT_SERVER_LOG,
  SEMCONV_REVISION,
} from '../../src/telemetry/semconv.ts';
import * as spanNames from '../../src/telemetry/span-names.ts';
import { createRedactor } from '../../src/redaction/redactor.ts';
import { codeIn, readPage, sectionOf, subjects, tableOf, tablesOf } from './markdown.ts';

const page = readPage('docs/tracing.md');

/** Strings of a source file, where nothing is exported that could be asked. */
function stringsIn(path: string, pattern: RegExp): readonly string[] {
  return [...readPage(path).matchAll(pattern)].map((match) => match[1] ?? '');
}

describe('docs/tracing.md', () => {
  it('R93: lists the attributes of the spans, and no others', () => {
    const [attributes, counts] = tablesOf(sectionOf(page, 'Attributes'));
    expect([...subjects(attributes ?? [], 'attribute')].sort()).toEqual(Object.values(ATTR).sort());
    const inCode = [...COUNTED_RESULTS].map(([method, { what }]) => `${what}.count on ${method}`);
    const inPage = (counts ?? []).map((row) => `${codeIn(row['attribute'])[0]} on ${codeIn(row['on'])[0]}`);
    expect(inPage.sort()).toEqual(inCode.sort());
  });

  it('R93: lists the operations and what their spans are called, and no others', () => {
    const table = tableOf(page, 'Operations');
    for (const row of table)
      expect(codeIn(row['span'])).toEqual([spanNames.operationName(codeIn(row['method'])[0] ?? '')]);
    const named = stringsIn('src/telemetry/span-names.ts', /^ {2}'?([\w/]+)'?: '[\w.]+',$/gm);
    expect([...subjects(table, 'method')].sort()).toEqual([...named].sort());
  });

  it('R94: says of which commit of the conventions the names are', () => {
    const [repository, commit = ''] = SEMCONV_REVISION.split('@');
    const [named = ''] = /[0-9a-f]{40}/.exec(sectionOf(page, 'Names for backends')) ?? [];
    expect(named.startsWith(commit)).toBe(true);
    expect(sectionOf(page, 'Names for backends')).toContain(`open-telemetry/${repository ?? ''}`);
  });

  it('R94: says how spans are called by the conventions', () => {
    const table = tableOf(page, 'Names by the conventions');
    const named = (span: string): readonly string[] =>
      codeIn(table.find((row) => row['span']?.startsWith(span))?.['by the conventions']);
    const names = spanNames.namesUnder('semconv');
    expect(named('operation of a tool call')).toEqual([names.operation('tools/call', 'NAME')]);
    expect(named('operation of a prompt')).toEqual([names.operation('prompts/get', 'NAME')]);
    expect(named('any other operation')[0]).toBe(names.operation('tools/list', null));
    expect(named('`mcp.client.initialize`')).toEqual(['initialize', 'server/discover'].map(names.opening));
  });

  it('R93: lists the other spans, and no others', () => {
    const phases = Object.entries(spanNames).flatMap(([key, value]) => (key.startsWith('SPAN_') ? [value] : []));
    const reasons = /reason: ('\w+'(?: \| '\w+')*)/.exec(readPage('src/gateway/observer.ts'))?.[1] ?? '';
    const upkeep = reasons.split(' | ').map((reason) => `server.${reason.slice(1, -1)}`);
    const doors = [...readPage('src/gateway/edges/route.ts').matchAll(/^ {2}\['([^']+)', '(\w+)'\],$/gm)];
    const roots = doors.flatMap(([, route = '', door]) => [
      ...(door === 'sse' ? [] : [spanNames.exchangeName('POST', route)]),
      ...(door === 'sse' || door === 'streamable' ? [spanNames.exchangeName('GET', route)] : []),
    ]);
    const documented = tableOf(page, 'Spans')
      .filter((row) => !row['span']?.includes('(#operations)'))
      .flatMap((row) => codeIn(row['span']));
    const plan = spanNames.exchangeName('POST', PLAN_ROUTE);
    expect([...documented].sort()).toEqual([...phases, ...upkeep, ...roots, plan].sort());
  });

  it('R93: lists the events of spans, and no others', () => {
    const events = [EVENT_EXCEPTION, EVENT_NOTIFICATION, EVENT_SERVER_LOG];
    expect([...subjects(tableOf(page, 'Events'), 'event')].sort()).toEqual(events.sort());
  });

  it('R93: lists the codes that are the caller\u2019s own fault', () => {
    const codes = subjects(tablesOf(sectionOf(page, 'Status'))[1] ?? [], 'code').map(Number);
    expect(new Set(codes)).toEqual(CALLER_FAULT_CODES);
  });

  it('R93: lists the categories of failures, and no others', () => {
    const type = /type FailureCategory =([^;]+);/.exec(readPage('src/gateway/failure.ts'))?.[1] ?? '';
    const categories = [...type.matchAll(/'(\w+)'/g)].map((match) => match[1]);
    expect([...subjects(tableOf(page, 'Failure categories'), '`error.type`')].sort()).toEqual(categories.sort());
  });

  it('R93: names the limits that are kept', () => {
    expect(sectionOf(page, 'Captured messages')).toContain(`${DEFAULT_LIMITS.payloadBytes / 1024} KiB`);
    const { attributeLength, url, userAgent, exceptionLength } = DEFAULT_LIMITS;
    for (const limit of [attributeLength, url, userAgent, exceptionLength])
      expect(sectionOf(page, 'Attributes')).toContain(` ${limit}`);
  });

  it('R93: lists the attributes that carry captured messages in an export', () => {
    const ids = { traceId: '1'.repeat(32) as TraceId, spanId: '2'.repeat(16) as SpanId };
    const redactor = createRedactor({ hashKey: Buffer.alloc(32, 1) });
    const payload = redactor.payload({
      ...ids,
      direction: 'request',
      mediaType: 'application/json',
      text: '{"password":"hunter2"}',
    });
    const written = Object.keys(payloadAttributes([payload], true)(ids, () => true));
    expect([...subjects(tableOf(page, 'What an export holds'), 'attribute')].sort()).toEqual(written.sort());
  });
});
