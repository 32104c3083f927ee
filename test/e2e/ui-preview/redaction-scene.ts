import type { TrailStep } from '../../../src/shared/domain/redaction.ts';
import { unixNano } from '../../../src/shared/domain/ids.ts';
import type { Finding, RedactedPayload, RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import { makePayload, makeSpan, makeSummary, spanIdOf, traceIdOf } from '../../support/make-trace.ts';
import type { MemoryBridge } from '../../support/memory-bridge.ts';
import { secretFinding } from './sample-calls.ts';

/** Trace and spans of the call that this scene adds. */
const TRACE = 7_000;
const SPAN = 700_000;
const MASK = '•••';
const SHOWN_SECRET = 'shown-for-a-moment-4471';
const TICKET = 'k7Qm2ZxV9tLp4RwY8sBn3JdH';
const MAIL = 'ada@shop.example';
const NOTE = `Answer goes to ${MAIL}, order 17`;
const ERROR = `Login refused for ada with password=${MASK}`;
const URL_FULL = `https://ada:${MASK}@shop.example/hook?order=17&token=${MASK}`;

const finding = (path: string, start: number, rule: string, kind: string, hash = secretFinding.hash): Finding => ({
  ...secretFinding,
  path,
  start,
  end: start + MASK.length,
  rule,
  kind,
  hash,
});

/** A call with something hidden in every place, something missed, a trail, and rules of the user's own. */
export function redaction(bridge: MemoryBridge): void {
  const at = Date.now() - 2_000;
  putCall(bridge, at);
  const { redaction: twin } = bridge;
  twin.setHits({ 'key-name': 412, 'auth-scheme': 57, 'url-query': 31, 'github-token': 4, 'known-value': 18, iban: 6 });
  twin.setPolicy({
    rules: [
      { id: 'iban', match: { type: 'key', name: 'iban' }, action: 'partial' },
      { id: 'customer-number', match: { type: 'pattern', pattern: 'CUST-([0-9]{8})' }, action: 'mask' },
    ],
    builtIn: { phone: { enabled: true } },
  });
  twin.putHints([
    {
      traceId: traceIdOf(TRACE),
      spanId: spanIdOf(SPAN + 1),
      direction: 'request',
      hint: {
        path: '/params/arguments/ticket',
        start: 0,
        end: TICKET.length,
        reason: 'entropy',
        sentence: '24 characters that look random, under “ticket”.',
        suggestion: { id: 'ticket', match: { type: 'key', name: 'ticket' }, action: 'mask' },
      },
    },
    {
      traceId: traceIdOf(TRACE),
      spanId: spanIdOf(SPAN + 1),
      direction: 'request',
      hint: {
        path: '/params/arguments/note',
        start: NOTE.indexOf(MAIL),
        end: NOTE.indexOf(MAIL) + MAIL.length,
        reason: 'shape',
        sentence: 'An e-mail address. The rule for them is turned off.',
        suggestion: { id: 'mail', match: { type: 'pattern', pattern: '[^\\s@]+@[^\\s@]+' }, action: 'mask' },
      },
    },
  ]);
  twin.putTrail(secretFinding.hash, trail(at));
  twin.putSecret(secretFinding.hash, SHOWN_SECRET);
  twin.onRescrub = () => {
    let done = 0;
    twin.setRescrub({ isRunning: true, done, total: 64, isAdvised: false });
    const timer = setInterval(() => {
      done += 8;
      twin.setRescrub({ done, isRunning: done < 64, newlyHidden: done < 64 ? null : 5 });
      if (done >= 64) clearInterval(timer);
    }, 150);
  };
}

function putCall(bridge: MemoryBridge, at: number): void {
  const payloads = bodies();
  const infos = payloads.map(({ spanId, direction, mediaType, originalBytes, truncated, findings }) => ({
    spanId,
    direction,
    mediaType,
    originalBytes,
    truncated,
    findingCount: findings.length,
  }));
  const summary = makeSummary({
    id: TRACE,
    start: at,
    took: 48,
    status: 'error',
    target: 'sign_in',
    servers: ['github'],
    client: 'Cursor',
    errorMessage: ERROR,
    spanCount: 3,
    errorCount: 3,
    redactionCount: 9,
  });
  bridge.putTrace({ summary, spans: spansOf(at), payloads: infos }, payloads);
}

function spansOf(at: number): readonly RedactedSpan[] {
  const common = { trace: TRACE, origin: at, error: ERROR };
  return [
    makeSpan({ ...common, id: SPAN, name: 'POST /mcp', kind: 'server', end: 48, attributes: { 'url.path': '/mcp' } }),
    makeSpan({
      ...common,
      id: SPAN + 1,
      parent: SPAN,
      name: 'tool.invoke',
      start: 1,
      end: 46,
      attributes: {
        'mcp.method.name': 'tools/call',
        'gen_ai.tool.name': 'sign_in',
        'url.full': URL_FULL,
        'http.request.header.authorization': [`Bearer ${MASK}`],
        'app.pin': '',
      },
      events: [{ name: 'exception', at: 44, attributes: { 'exception.message': ERROR, 'exception.type': 'Error' } }],
      findings: [
        finding('/status/message', ERROR.indexOf(MASK), 'key-value', 'password'),
        finding('/attributes/url.full', URL_FULL.indexOf(MASK), 'url-userinfo', 'url-userinfo', '0f1e2d3c4b5a6978'),
        finding('/attributes/url.full', URL_FULL.lastIndexOf(MASK), 'url-query', 'token', '77aa01fe12345678'),
        finding('/attributes/http.request.header.authorization/0', 7, 'auth-scheme', 'bearer', 'a0b1c2d3e4f50617'),
        { ...finding('/attributes/app.pin', 0, 'pin', 'pin', '9988776655443322'), end: 0, length: '1-8' },
        finding('/events/0/attributes/exception.message', ERROR.indexOf(MASK), 'key-value', 'password'),
      ],
    }),
    makeSpan({
      ...common,
      id: SPAN + 2,
      parent: SPAN + 1,
      name: 'mcp.client.call',
      kind: 'client',
      start: 3,
      end: 44,
      attributes: { 'throughline.server.id': 'github' },
    }),
  ];
}

function bodies(): readonly RedactedPayload[] {
  const args = { user: 'ada', password: MASK, pin: null, ticket: TICKET, note: NOTE };
  const common = { traceId: traceIdOf(TRACE), spanId: spanIdOf(SPAN + 1) };
  const message = { jsonrpc: '2.0', id: 7 };
  const answer = { content: [{ type: 'text', text: `You sent password=${MASK} as ada` }], isError: true };
  return [
    makePayload({
      ...common,
      direction: 'request',
      text: JSON.stringify({ ...message, method: 'tools/call', params: { name: 'github__sign_in', arguments: args } }),
      findings: [
        finding('/params/arguments/password', 0, 'key-name', 'password'),
        { ...finding('/params/arguments/pin', 0, 'key-name', 'pin', '9988776655443322'), end: 0 },
      ],
    }),
    makePayload({
      ...common,
      direction: 'response',
      text: JSON.stringify({ ...message, result: answer }),
      findings: [finding('/result/content/0/text', 18, 'key-value', 'password')],
    }),
  ];
}

function trail(at: number): readonly TrailStep[] {
  const step = (
    trace: number,
    span: number,
    spanName: string,
    serverId: string | null,
    ms: number,
    direction: TrailStep['direction'],
    path: string,
    rule: string,
  ): TrailStep => ({
    traceId: traceIdOf(trace),
    spanId: spanIdOf(span),
    direction,
    spanName,
    serverId,
    startTime: unixNano(BigInt(at) * 1_000_000n + BigInt(ms) * 1_000_000n),
    finding: finding(path, 0, rule, 'password'),
  });
  return [
    step(5, 5 * 64 + 1, 'tool.invoke', null, -11_000, 'request', '/params/arguments/password', 'key-name'),
    step(5, 5 * 64 + 2, 'mcp.client.call', 'everything', -10_992, 'response', '/result/content/0/text', 'key-value'),
    step(TRACE, SPAN + 1, 'tool.invoke', null, 1, null, '/status/message', 'key-value'),
    step(TRACE, SPAN + 1, 'tool.invoke', null, 1, 'request', '/params/arguments/password', 'key-name'),
    step(TRACE, SPAN + 1, 'tool.invoke', null, 1, 'response', '/result/content/0/text', 'key-value'),
    step(TRACE, SPAN + 2, 'mcp.client.call', 'github', 3, null, '/events/0/attributes/exception.message', 'key-value'),
  ];
}
