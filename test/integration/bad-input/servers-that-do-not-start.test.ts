import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMisbehavingHttp, type MisbehavingHttp } from '../../fixtures/servers/misbehaving-http.ts';
import { misbehavingStdio, workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { spanNamed } from '../../support/otlp.ts';
import { answerError, answerText, openRawSession } from '../../support/raw-session.ts';
import { sdkClient } from '../../support/sdk-client.ts';
import { newCallerContext } from '../../support/trace-context.ts';

interface Failure {
  readonly id: string;
  /** What the sentence must tell beside the server's name. */
  readonly says: RegExp;
  readonly errorType: string;
  /** The code or name of what was thrown at the bottom of it; a failure of the gateway's own where it is left out. */
  readonly exception?: string;
}

const FAILURES: readonly Failure[] = [
  { id: 'no-such-command', says: /no-such-command-4711.*not found/, errorType: 'not_found', exception: 'ENOENT' },
  { id: 'no-such-folder', says: /working directory|does not exist/, errorType: 'not_found', exception: 'ENOENT' },
  {
    id: 'exits-at-once',
    says: /exited with code 3.*cannot open \/etc\/workbench\.conf/,
    errorType: 'connection_reset',
  },
  { id: 'garbage-only', says: /initialize/, errorType: 'timeout' },
  { id: 'binary-garbage', says: /initialize/, errorType: 'timeout' },
  { id: 'never-initializes', says: /initialize/, errorType: 'timeout' },
  { id: 'refuses-initialize', says: /licence expired/, errorType: 'mcp_protocol_error' },
  { id: 'unsupported-version', says: /1999-12-31/, errorType: 'mcp_protocol_error' },
  {
    id: 'nobody-listens',
    says: /127\.0\.0\.1:9/,
    errorType: 'connection_refused',
    exception: 'ECONNREFUSED',
  },
  {
    id: 'no-such-host',
    says: /no-such-host\.invalid/,
    errorType: 'dns_resolution',
    exception: '(ENOTFOUND|EAI_AGAIN)',
  },
  { id: 'no-tls', says: /wrong version number/, errorType: 'ssl_tls', exception: '(ERR_SSL_.*|EPROTO)' },
  {
    id: 'resets',
    says: /could not be reached/,
    errorType: 'connection_reset',
    exception: '(ECONNRESET|UND_ERR_SOCKET)',
  },
  { id: 'unauthorized', says: /401.*Authorization/, errorType: 'auth_unauthorized' },
  { id: 'forbidden', says: /403/, errorType: 'auth_forbidden' },
  { id: 'not-found', says: /404.*path/, errorType: 'not_found' },
  { id: 'teapot', says: /418/, errorType: 'http_error' },
  { id: 'server-error', says: /500/, errorType: 'upstream_server_error' },
  { id: 'wrong-content-type', says: /text\/html/, errorType: 'mcp_protocol_error' },
  { id: 'not-json', says: /JSON/, errorType: 'mcp_protocol_error' },
  { id: 'hangs', says: /initialize/, errorType: 'timeout' },
];

const HTTP_BEHAVIOURS = [
  'unauthorized',
  'forbidden',
  'not-found',
  'teapot',
  'server-error',
  'resets',
  'wrong-content-type',
  'not-json',
  'hangs',
] as const;

const UNREACHABLE: Readonly<Record<string, unknown>> = {
  'no-such-command': { command: 'no-such-command-4711' },
  'no-such-folder': { ...workbenchStdio(), cwd: '/no/such/folder' },
  'nobody-listens': { type: 'http', url: 'http://127.0.0.1:9/mcp' },
  'no-such-host': { type: 'http', url: 'http://no-such-host.invalid/mcp' },
};

/** One sentence: it may end in a server's own words or in a hint, but holds no line break and no stack. */
function expectSentence(message: string): void {
  expect(message).toMatch(/^[A-Z][^\n]{10,400}$/);
  expect(message).not.toMatch(/\bat .+:\d+:\d+|Error:|\[object|undefined/);
}

/** Long enough for a healthy server on a busy machine; the failures that time out wait for all of it. */
const SILENCE_MS = 4_000;

const isSilent = ({ errorType }: Failure): boolean => errorType === 'timeout';

describe.each([
  { what: 'fails', failures: FAILURES.filter((failure) => !isSilent(failure)), settings: {} },
  { what: 'stays silent', failures: FAILURES.filter(isSilent), settings: { connectTimeoutMs: SILENCE_MS } },
])('a server that $what when it is connected to', ({ failures, settings }) => {
  const https: MisbehavingHttp[] = [];
  let gateway: GatewayProcess;

  beforeAll(async () => {
    const broken: Record<string, unknown> = {};
    for (const { id } of failures) {
      const behaviour = HTTP_BEHAVIOURS.find((candidate) => candidate === id);
      if (behaviour !== undefined) {
        const http = await startMisbehavingHttp({ behaviour, from: 'start' });
        https.push(http);
        broken[id] = { type: 'http', url: http.url };
      } else if (id === 'no-tls') {
        const http = await startMisbehavingHttp({ behaviour: 'json-answer', from: 'start' });
        https.push(http);
        broken[id] = { type: 'http', url: http.url.replace('http:', 'https:') };
      } else broken[id] = UNREACHABLE[id] ?? misbehavingStdio(id);
    }
    gateway = await startGateway({
      config: { mcpServers: { ...broken, healthy: workbenchStdio() }, gateway: settings },
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await Promise.all(https.map((http) => http.close()));
  });

  it.concurrent.each(failures)(
    'R48: $id: says so in one sentence, to the client and in the trace, with its category and innermost cause',
    async ({ id, says, errorType, exception = 'UpstreamFailure' }) => {
      const { traceId, traceparent } = newCallerContext();
      const params = {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'raw', version: '1' },
        _meta: { traceparent },
      };
      const response = await gateway.rest(`/servers/${id}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
      });
      const { message } = answerError((await response.json()) as Record<string, unknown>);
      expectSentence(message);
      expect(message).toMatch(says);
      expect(message).toContain(id === 'nobody-listens' || id === 'no-such-host' ? '' : id);

      const spans = await gateway.finishedSpans(traceId);
      const call = spanNamed(spans, 'mcp.client.call');
      expect(call).toMatchObject({ status: 'ERROR', statusMessage: message });
      expect(call.attributes['error.type']).toBe(errorType);
      const thrown = spans.flatMap(({ events }) => events.filter(({ name }) => name === 'exception'));
      expect(thrown).toHaveLength(1);
      expect(thrown[0]?.attributes['exception.type']).toMatch(new RegExp(`^${exception}$`));
      expect(thrown[0]?.attributes['exception.message']).toMatch(/\S/);
      const line = (await gateway.traces()).find((trace) => trace.traceId === traceId);
      expect(line).toMatchObject({ status: 'error', errorMessage: message, openSpanCount: 0 });
    },
  );

  it('leaves the others at /mcp as they are: they list, and they answer', async () => {
    await using session = await sdkClient(gateway, '/mcp');
    const { tools } = await session.client.listTools();
    expect(tools.length).toBeGreaterThan(0);
    expect(tools.every(({ name }) => name.startsWith('healthy'))).toBe(true);
    const healthy = await openRawSession(gateway, '/servers/healthy/mcp');
    expect(answerText(await healthy.callTool('echo_text', { text: 'unharmed' }))).toBe('unharmed');
  });

  it('tells the secrets of an error page to nobody', async () => {
    const response = await gateway.rest('/api/traces?limit=1000');
    expect(await response.text()).not.toContain('http-secret-4713');
    expect(gateway.stderr()).not.toContain('http-secret-4713');
  });
});
