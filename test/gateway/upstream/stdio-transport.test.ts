import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../../src/gateway/clock.ts';
import type { TraceContext } from '../../../src/gateway/observer.ts';
import { createStdioTransport } from '../../../src/gateway/upstream/stdio-transport.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';

interface Started {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const TELL = 'console.error(JSON.stringify({ args: process.argv.slice(1), env: process.env }))';

interface Traced {
  readonly telemetry?: Readonly<Record<string, string>>;
  readonly traceContext?: TraceContext | null;
}

/** Starts a program that tells what it was started with, and waits for that. */
async function startedWith(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
  { telemetry = {}, traceContext = null }: Traced = {},
): Promise<Started> {
  const transport = createStdioTransport({
    serverId: 'teller' as ServerId,
    config: { type: 'stdio', command: process.execPath, args: ['-e', TELL, '--', ...args], env, cwd: null },
    clock: createClock(),
    environment,
    telemetry: () => telemetry,
  });
  const told = new Promise<string>((resolve) => {
    const events = {
      message: () => undefined,
      failed: () => undefined,
      isAwaited: () => false,
      streaming: () => undefined,
      noise: resolve,
      closed: () => undefined,
    };
    void transport.start(events, traceContext);
  });
  const line = await told;
  await transport.close();
  return JSON.parse(line) as Started;
}

describe('a started server', () => {
  it('S18: gets its arguments as they are, with no shell in between', async () => {
    const args = ['$HOME', '`id`', '; echo hacked', '*', 'two words', '"quoted"', '&& true', '%PATH%'];
    expect((await startedWith(args, {}, process.env)).args).toEqual(args);
  });

  it('S18: gets of the environment what is listed and what its configuration names, and nothing else', async () => {
    const environment = {
      PATH: process.env['PATH'],
      HOME: '/somewhere',
      GITHUB_TOKEN: 'not-for-servers',
      NODE_OPTIONS: '--no-warnings',
      THROUGHLINE_TOKEN: 'not-for-servers-either',
      LC_ALL: '() { echo a function; }',
    };
    const { env } = await startedWith([], { API_KEY: 'its-own' }, environment);
    // The operating system adds a variable of its own where it must.
    const names = Object.keys(env).filter((name) => name !== '__CF_USER_TEXT_ENCODING');
    expect(names.sort()).toEqual(['API_KEY', 'HOME', 'PATH']);
  });
});

/** Reads nothing more, says so, and ends a moment later. */
const LEAVE = "require('node:fs').closeSync(0); console.error('closed'); setTimeout(() => process.exit(3), 300)";

describe('a server that closes its input before it ends', () => {
  it('R48: fails what it is asked by how it ends, not by the closed pipe', async () => {
    const transport = createStdioTransport({
      serverId: 'leaver' as ServerId,
      config: { type: 'stdio', command: process.execPath, args: ['-e', LEAVE], env: {}, cwd: null },
      clock: createClock(),
      environment: process.env,
      telemetry: () => ({}),
    });
    const told: string[] = [];
    const ended = new AbortController();
    const { promise: closesInput, resolve } = Promise.withResolvers<string>();
    await transport.start(
      {
        message: () => undefined,
        failed: (_idText, { message }) => void told.push(message),
        isAwaited: () => false,
        streaming: () => undefined,
        noise: resolve,
        closed: ({ message }) => {
          told.push(message);
          ended.abort();
        },
      },
      null,
    );
    await closesInput;
    for (let id = 1; !ended.signal.aborted; id += 1) {
      transport.request({ text: `{"id":${id}}`, idText: String(id), traceContext: null, headers: {} });
      await delay(5);
    }
    expect(told[0]).toBe('Server "leaver" exited with code 3.');
    await transport.close();
  });
});

describe('what a started server is told of traces', () => {
  const telemetry = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4820',
    OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20the-ingest-token',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_SERVICE_NAME: 'teller',
  };
  const traceContext = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'vendor=1' };

  /** Of a server that is configured with `env`: the variables of OpenTelemetry that it gets. */
  async function toldTo(
    env: Readonly<Record<string, string>>,
    traced: Traced = { telemetry, traceContext },
  ): Promise<Record<string, string>> {
    const { env: got } = await startedWith(
      [],
      env,
      { ...process.env, OTEL_SERVICE_NAME: 'not to be inherited' },
      traced,
    );
    return Object.fromEntries(Object.entries(got).filter(([name]) => /^(?:OTEL_|TRACE)/.test(name)));
  }

  it('R83: where to send its spans, under its own name, and what starts it', async () => {
    expect(await toldTo({})).toEqual({
      ...telemetry,
      TRACEPARENT: traceContext.traceparent,
      TRACESTATE: traceContext.tracestate,
    });
    expect(await toldTo({}, { telemetry, traceContext: { ...traceContext, tracestate: null } })).not.toHaveProperty(
      'TRACESTATE',
    );
    expect(await toldTo({}, {})).toEqual({});
  });

  it.each([
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
    'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
  ])('R83: a server whose own %s says otherwise gets no token of ours to send there', async (name) => {
    const own = { [name]: 'https://collector.test:4318' };
    const told = await toldTo(own);
    expect(told).toEqual({
      ...own,
      OTEL_SERVICE_NAME: 'teller',
      TRACEPARENT: traceContext.traceparent,
      TRACESTATE: traceContext.tracestate,
    });
  });

  it.each<[string, Record<string, string>]>([
    ['OTEL_SERVICE_NAME', { OTEL_SERVICE_NAME: 'mine' }],
    ['a service.name in OTEL_RESOURCE_ATTRIBUTES', { OTEL_RESOURCE_ATTRIBUTES: 'a=b, service.name=mine' }],
  ])('R83: %s of the server\u2019s own wins', async (_, own) => {
    const told = await toldTo(own);
    expect(told['OTEL_SERVICE_NAME']).toBe(own['OTEL_SERVICE_NAME']);
    expect(told['OTEL_EXPORTER_OTLP_ENDPOINT']).toBe(telemetry.OTEL_EXPORTER_OTLP_ENDPOINT);
  });

  it('R83: each variable of the server\u2019s own wins', async () => {
    const own = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', TRACEPARENT: 'own' };
    expect(await toldTo(own)).toEqual({ ...telemetry, ...own });
  });
});
