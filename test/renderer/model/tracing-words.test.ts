import { describe, expect, it } from 'vitest';
import { captureChoice, capturedWords, namesText, readNames } from '../../../renderer/model/captured-spans.ts';
import { eventWords } from '../../../renderer/model/event-words.ts';
import {
  bytesOfBase64,
  exportedWords,
  leadsToRedaction,
  leavesWords,
  selectionOf,
  takesBodies,
} from '../../../renderer/model/export-choice.ts';
import { forwardedWords, lastSentWords, protocolWord } from '../../../renderer/model/forward-state.ts';
import { reportWords } from '../../../renderer/model/import-words.ts';
import { otlpEnvironment, spanTokenFile } from '../../../renderer/model/otlp-snippet.ts';
import { questionTo, questionWords } from '../../../renderer/model/question.ts';
import { enteredService, processOf } from '../../../renderer/model/remote-span.ts';
import { spanLabel } from '../../../renderer/model/span-label.ts';
import { buildSpanTree } from '../../../renderer/model/span-tree.ts';
import { base64Of, bytesOf } from '../../../renderer/bridge/base64.ts';
import { makeSpan, spanIdOf, traceIdOf } from '../../support/make-trace.ts';
import type { SpanWish } from '../../support/make-trace.ts';

describe('whose bodies are kept or leave', () => {
  it('is all, none, or named spans, each name once', () => {
    expect(readNames(' tool.invoke, resource.read\n,tool.invoke ')).toEqual(['tool.invoke', 'resource.read']);
    expect([captureChoice('all'), captureChoice('none'), captureChoice(['a'])]).toEqual(['all', 'none', 'chosen']);
    expect([namesText('all'), namesText(['a', 'b'])]).toEqual(['', 'a, b']);
    expect([capturedWords('all'), capturedWords([]), capturedWords(['a', 'b'])]).toEqual([
      'of all spans',
      'none',
      'of a, b',
    ]);
  });
});

describe('an export', () => {
  const query = '-upkeep:health|stream|news';

  it('is of the open trace, of what the list is asked for, or of everything', () => {
    expect(selectionOf({ scope: 'trace', traceId: traceIdOf(1), query })).toEqual({ traceIds: [traceIdOf(1)] });
    expect(selectionOf({ scope: 'trace', traceId: null, query })).toBeNull();
    expect(selectionOf({ scope: 'filter', traceId: null, query })).toEqual({ query });
    expect(selectionOf({ scope: 'all', traceId: traceIdOf(1), query })).toEqual({ query: '' });
  });

  it('R22: takes bodies only when asked to, and says in one line what leaves', () => {
    expect(takesBodies('otlp-json', false)).toBe(false);
    expect(takesBodies('session', false)).toBe(true);
    expect(leavesWords(false)).toContain('Nothing of what was sent or answered.');
    expect(leavesWords(true)).toContain('what was sent and answered');
  });

  it('is told by its name, traces and size', () => {
    const file = { fileName: 'traces.otlp.json', mediaType: 'application/json', base64: btoa('12345'), traces: 2 };
    expect(exportedWords(file)).toBe('traces.otlp.json: 2 traces, 5 B.');
    expect([btoa('123'), btoa('12'), btoa('1')].map(bytesOfBase64)).toEqual([3, 2, 1]);
    expect(leadsToRedaction('Have stored traces redacted again on the page about redaction, then export.')).toBe(true);
    expect(leadsToRedaction('No trace matches this filter: nothing is exported.')).toBe(false);
  });

  it('travels as base64 and comes back byte for byte, also when it is longer than one piece', () => {
    const bytes = Uint8Array.from({ length: 100_001 }, (_, index) => (index * 31) % 256);
    expect(bytesOf(base64Of(bytes))).toEqual(bytes);
    expect(base64Of(bytes)).toBe(Buffer.from(bytes).toString('base64'));
  });
});

describe('an endpoint', () => {
  it('says in short what of the traces leaves for it', () => {
    const bare = { requests: 'none', responses: 'none' } as const;
    expect(forwardedWords({ filter: '', sampling: 'caller', payloads: bare })).toEqual([
      'every trace',
      'unsampled ones stay here',
      'no bodies',
    ]);
    expect(
      forwardedWords({ filter: 'status:error', sampling: 'all', payloads: { ...bare, requests: ['tool.invoke'] } }),
    ).toEqual(['status:error', 'unsampled ones too', 'requests of tool.invoke, responses none']);
    expect(protocolWord('grpc')).toBe('gRPC');
  });

  it('says when something was last sent, with the date once that is another day', () => {
    const noon = new Date(2026, 10, 23, 12, 0, 5).getTime();
    expect(lastSentWords(null, noon)).toBe('nothing sent yet');
    expect(lastSentWords(noon, noon + 1_000)).toBe('last sent 12:00:05');
    expect(lastSentWords(noon, noon + 86_400_000)).toBe('last sent 2026-11-23 12:00:05');
  });
});

describe('a program that is to send its spans', () => {
  it('S27: is told where, and never with which token', () => {
    expect(otlpEnvironment('http://127.0.0.1:4820/v1/traces').split('\n')).toEqual([
      'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4820',
      'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
      'OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN',
    ]);
    expect(spanTokenFile('~/.config/throughline/token')).toBe('~/.config/throughline/ingest-token');
    expect(spanTokenFile('C:\\Ada\\token')).toBe('C:\\Ada\\ingest-token');
    expect(spanTokenFile('/run/throughline/4820.json')).toBe('/run/throughline/4820.json');
  });
});

describe('a file that was opened', () => {
  it('is told by its format and what was in it', () => {
    const report = { fileName: 'a', problems: [], newestTraceId: null, format: 'Jaeger JSON' };
    expect(reportWords({ ...report, traces: 1, spans: 3, payloads: 0, skipped: 0 })).toEqual([
      'Jaeger JSON',
      '1 trace',
      '3 spans',
    ]);
    expect(reportWords({ ...report, traces: 2, spans: 30, payloads: 1, skipped: 4 })).toEqual([
      'Jaeger JSON',
      '2 traces',
      '30 spans',
      '1 body',
      '4 spans left out',
    ]);
  });
});

describe('a span in the tree', () => {
  const label = (wish: Partial<SpanWish>) => Object.values(spanLabel(makeSpan({ id: 0, ...wish })));

  it('reads the same whichever way spans are named', () => {
    const call = { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'echo' };
    const server = { 'throughline.server.id': 'files' };
    expect(label({ name: 'tool.invoke', attributes: call })).toEqual(['tool.invoke', 'echo']);
    expect(label({ name: 'tools/call echo', kind: 'server', attributes: call })).toEqual(['tools/call', 'echo']);
    expect(label({ name: 'tools/call echo', kind: 'client', attributes: { ...call, ...server } })).toEqual([
      'tools/call',
      'echo → files',
    ]);
    const read = { 'mcp.method.name': 'resources/read', 'mcp.resource.uri': 'file:///a' };
    expect(label({ name: 'resources/read', kind: 'server', attributes: read })).toEqual([
      'resources/read',
      'file:///a',
    ]);
    expect(
      label({ name: 'tools/list', kind: 'client', attributes: { 'mcp.method.name': 'tools/list', ...server } }),
    ).toEqual(['tools/list', '→ files']);
    expect(label({ name: 'mcp.client.call', kind: 'client', attributes: { ...call, ...server } })).toEqual([
      'mcp.client.call',
      'echo',
    ]);
  });

  it('that asks something of a client says of whom, and what became of it, by its attributes', () => {
    const words = (method: string, end: number | null = 1) => {
      const span = makeSpan({ id: 0, kind: 'client', end, attributes: { 'mcp.method.name': method } });
      const to = questionTo(span);
      return to === null ? null : questionWords(span, to);
    };
    expect(words('elicitation/create', null)).toBe('asks the user');
    expect(words('sampling/createMessage')).toBe('asked the client’s model');
    expect(words('roots/list')).toBe('asked for the client’s folders');
    expect(words('tools/call')).toBeNull();
    expect(questionTo(makeSpan({ id: 0, kind: 'server', attributes: { 'mcp.method.name': 'roots/list' } }))).toBeNull();
    const declined = makeSpan({
      id: 0,
      kind: 'client',
      name: 'elicitation.create',
      attributes: { 'mcp.method.name': 'elicitation/create', 'throughline.elicitation.action': 'decline' },
    });
    expect(Object.values(spanLabel(declined))).toEqual(['elicitation.create', 'asked the user · declined']);
  });

  it('says of which process it is where the tree enters one', () => {
    const tree = buildSpanTree([
      makeSpan({ id: 0, service: 'planner' }),
      makeSpan({ id: 1, parent: 0 }),
      makeSpan({ id: 2, parent: 1, service: 'files' }),
      makeSpan({ id: 3, parent: 2, service: 'files' }),
    ]);
    const entered = [0, 1, 2, 3].map((id) => {
      const node = tree.byId.get(spanIdOf(id));
      return node === undefined ? undefined : enteredService(node);
    });
    expect(entered).toEqual(['planner', null, 'files', null]);
    expect(tree.byId.get(spanIdOf(1))?.owner).toBe('throughline');
  });

  it('is of another process when it says that it is of another instance', () => {
    const span = makeSpan({ id: 0, service: 'files' });
    const other = {
      ...span,
      origin: { ...span.origin, resource: { ...span.origin.resource, 'service.instance.id': 'b' } },
    };
    expect(processOf(span)).not.toBe(processOf(other));
  });
});

describe('an event of a call', () => {
  const words = (attributes: Readonly<Record<string, string | number>>) => eventWords({ attributes });

  it('says what was told, without any text of a server’s', () => {
    const method = 'mcp.method.name';
    const progress = { [method]: 'notifications/progress', 'throughline.progress.message': 'evil' };
    expect(words({ ...progress, 'throughline.progress': 2, 'throughline.progress.total': 5 })).toBe('Progress 2 of 5');
    expect(words({ ...progress, 'throughline.progress': 0.1 + 0.2 })).toBe('Progress 0.3');
    expect(words(progress)).toBe('Progress');
    expect(words({ [method]: 'notifications/message', 'throughline.log.level': 'warning' })).toBe(
      'Log message (warning)',
    );
    expect(words({ [method]: 'notifications/message', 'throughline.log.level': '<b>' })).toBe('Log message');
    expect(words({ [method]: 'notifications/resources/updated' })).toBe('Resource updated');
    expect(words({ [method]: 'notifications/unheard' })).toBeNull();
    expect(words({ 'exception.type': 'Error' })).toBeNull();
  });
});
