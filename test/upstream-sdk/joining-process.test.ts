import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consumerFolder, installedNodes } from '../support/consumer-folder.ts';
import { startOtlpReceiver, type OtlpReceiver } from '../support/otlp-receiver.ts';
import { shakeHands, startStdioServer, type StdioServerOptions } from '../support/stdio-server-process.ts';
import { newCallerContext } from '../support/trace-context.ts';

const folder = consumerFolder();
const script = (name: string): string => join(folder, name);
const LOADED = ['--import', script('loaded-packages.mjs')];

/** Runs a server for one call of its tool, and says all that was seen of it. */
async function oneCall(options: Omit<StdioServerOptions, 'script'> & { readonly server: string }) {
  const { server: name, ...more } = options;
  await using server = startStdioServer({ script: script(name), ...more });
  await shakeHands(server);
  const caller = newCallerContext();
  const isPlain = name.startsWith('plain');
  const answer = isPlain
    ? await server.callTool('echo', { text: 'hi' }, { traceparent: caller.traceparent })
    : await server.callTool('forecast', { city: 'Oslo' }, { traceparent: caller.traceparent });
  const exit = await server.end();
  const messages = server.lines().map((line) => JSON.parse(line) as unknown);
  return { caller, answer, exit, messages, stderr: server.stderr() };
}

async function withReceiver<T>(use: (receiver: OtlpReceiver) => Promise<T>): Promise<T> {
  const receiver = await startOtlpReceiver();
  try {
    return await use(receiver);
  } finally {
    await receiver.close();
  }
}

const ANSWER = { content: [{ type: 'text', text: 'Oslo: sunny' }] };

describe.each(installedNodes())('a server of somebody\u2019s project, on %s', (node) => {
  it.each([
    ['v1-stdio.mjs', 'weather', ['ask the weather service']],
    ['v2-stdio.mjs', 'weather-v2', ['ask the weather service', 'read the answer']],
  ])('%s joins the trace of its caller, and its own spans stand below', async (server, service, below) => {
    await withReceiver(async (receiver) => {
      const { caller, answer, exit, stderr } = await oneCall({
        server,
        node,
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20t-1' },
      });
      expect(answer['result']).toMatchObject(ANSWER);
      expect({ exit, stderr }).toEqual({ exit: { code: 0, signal: null }, stderr: '' });
      const inTrace = receiver.spans().filter(({ traceId }) => traceId === caller.traceId);
      let parent = caller.spanId;
      for (const name of ['tools/call forecast', ...below]) {
        const span = inTrace.find((candidate) => candidate.name === name);
        expect(span).toMatchObject({ parentSpanId: parent, service });
        parent = span?.spanId ?? '';
      }
      expect(inTrace).toHaveLength(1 + below.length);
      expect(new Set(receiver.headers().map(({ authorization }) => authorization))).toEqual(new Set(['Bearer t-1']));
    });
  });

  it('joins from CommonJS too', async () => {
    await withReceiver(async (receiver) => {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin };
      const { caller } = await oneCall({ server: 'plain-stdio.cjs', node, env, nodeArgs: ['--no-warnings'] });
      const span = receiver.spans().find(({ name }) => name === 'tools/call echo');
      expect(span).toMatchObject({ traceId: caller.traceId, parentSpanId: caller.spanId, service: 'plain-cjs' });
    });
  });

  it('loads nothing of OpenTelemetry when there is nowhere to send to, and all it needs when there is', async () => {
    const without = await oneCall({ server: 'plain-stdio.mjs', node, nodeArgs: LOADED });
    expect(without.stderr).toBe('loaded: \n');
    const receiver = await startOtlpReceiver();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin };
    const withAddress = await oneCall({ server: 'plain-stdio.mjs', node, nodeArgs: LOADED, env });
    await receiver.close();
    expect(withAddress.stderr).toContain('@opentelemetry/sdk-trace-base');
    expect(withAddress.messages).toEqual(without.messages);
  });
});

describe('a joined server', () => {
  it.each([
    ['OTEL_SDK_DISABLED is set', { OTEL_SDK_DISABLED: 'true' }, []],
    ['it is told not to', {}, ['false']],
  ])('loads nothing of OpenTelemetry when %s', async (_when, variables, args) => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', ...variables };
    await using server = startStdioServer({ script: script('plain-stdio.mjs'), args, env, nodeArgs: LOADED });
    await shakeHands(server);
    await server.callTool('echo', { text: 'hi' });
    await server.end();
    expect(server.stderr()).toBe('loaded: \n');
  });

  it.each([
    ['OTEL_SERVICE_NAME', { OTEL_SERVICE_NAME: 'by-env', OTEL_RESOURCE_ATTRIBUTES: 'service.name=by-list' }, 'by-env'],
    ['OTEL_RESOURCE_ATTRIBUTES', { OTEL_RESOURCE_ATTRIBUTES: 'service.name=by-list' }, 'by-list'],
    ['the server itself', {}, 'plain'],
  ])('R83: is named by %s', async (_who, variables, service) => {
    await withReceiver(async (receiver) => {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin, ...variables };
      await oneCall({ server: 'plain-stdio.mjs', env });
      expect(new Set(receiver.spans().map((span) => span.service))).toEqual(new Set([service]));
    });
  });

  it('nests spans of another copy of the API below its own when the handler asks for its tracer', async () => {
    const ownApi = consumerFolder({ api: 'own' });
    await withReceiver(async (receiver) => {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin };
      await using server = startStdioServer({ script: join(ownApi, 'v2-stdio.mjs'), env });
      await shakeHands(server);
      await server.callTool('forecast', { city: 'Oslo' });
      await server.end();
      const call = receiver.spans().find(({ name }) => name === 'tools/call forecast');
      const work = receiver.spans().find(({ name }) => name === 'ask the weather service');
      expect(work?.parentSpanId).toBe(call?.spanId);
    });
  });

  it('uses the SDK that its process has, and sends nothing itself', async () => {
    await withReceiver(async (receiver) => {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin };
      const { caller, stderr } = await oneCall({ server: 'own-sdk-stdio.mjs', env });
      expect(stderr).toContain(`span tools/call forecast below ${caller.spanId}\n`);
      expect(stderr).toMatch(/span ask the weather service below [0-9a-f]{16}\n/);
      expect(stderr.split('\n').filter((line) => !line.startsWith('span '))).toEqual(['']);
      expect(receiver.headers()).toEqual([]);
    });
  });

  it('answers the same, prints nothing and ends when nobody takes its spans', async () => {
    const silent = await startOtlpReceiver({ answers: 'never' });
    const usual = await oneCall({ server: 'v1-stdio.mjs' });
    for (const OTEL_EXPORTER_OTLP_ENDPOINT of ['http://127.0.0.1:9', 'no address', silent.origin]) {
      const { messages, exit, stderr } = await oneCall({
        server: 'v1-stdio.mjs',
        env: { OTEL_EXPORTER_OTLP_ENDPOINT },
      });
      expect(messages).toEqual(usual.messages);
      expect({ exit, stderr }).toEqual({ exit: { code: 0, signal: null }, stderr: '' });
    }
    await silent.close();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('sends what waits before %s ends it', async (signal) => {
    await withReceiver(async (receiver) => {
      // Long enough that nothing would have been sent by then.
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin, OTEL_BSP_SCHEDULE_DELAY: '600000' };
      await using server = startStdioServer({ script: script('v1-stdio.mjs'), env });
      await shakeHands(server);
      await server.callTool('forecast', { city: 'Oslo' });
      expect(receiver.spans()).toEqual([]);
      expect(await server.signal(signal)).toEqual({ code: null, signal });
      expect(receiver.spans().map(({ name }) => name)).toContain('tools/call forecast');
    });
  });

  it('is ended by SIGTERM also when nobody takes its spans', async () => {
    const silent = await startOtlpReceiver({ answers: 'never' });
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: silent.origin };
    await using server = startStdioServer({ script: script('v1-stdio.mjs'), env });
    await shakeHands(server);
    expect(await server.signal('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
    await silent.close();
  });
});
