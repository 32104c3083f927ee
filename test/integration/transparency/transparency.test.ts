import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/cli-process.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { jsonText, objectWith } from './json-text.ts';
import { bridgeDoor, rpcDoor, sseDoor, streamableDoor, type RawDoor } from './raw-doors.ts';

const RUNS = 40;
const UPSTREAMS = ['stdio', 'json', 'stream', 'sse'] as const;

type Upstream = (typeof UPSTREAMS)[number];

const folder = temporaryFolder();
const recordFile = join(folder, 'received.jsonl');
let http: ChildProcessWithoutNullStreams;
let gateway: GatewayProcess;

function mirror(script: string): string {
  return fileURLToPath(new URL(`../../fixtures/servers/mirror/${script}`, import.meta.url));
}

beforeAll(async () => {
  http = spawn(process.execPath, [mirror('mirror-http.ts'), recordFile]);
  const [origin] = (await once(createInterface({ input: http.stdout }), 'line')) as [string];
  // Without trace context nothing has a reason to differ; what is added otherwise is tested by itself below.
  gateway = await startGateway({
    config: {
      mcpServers: {
        stdio: { command: process.execPath, args: [mirror('mirror-stdio.ts'), recordFile], traceContext: false },
        json: { type: 'http', url: `${origin}/json`, traceContext: false },
        stream: { type: 'http', url: `${origin}/stream`, traceContext: false },
        sse: { type: 'sse', url: `${origin}/sse`, traceContext: false },
        traced: { command: process.execPath, args: [mirror('mirror-stdio.ts'), recordFile] },
      },
      virtualServers: { part: { servers: { stdio: true, json: true, stream: true, sse: true } } },
    },
  });
});

afterAll(async () => {
  await gateway.stop();
  http.stdin.end();
  await once(http, 'exit');
});

let lastNumber = 0;

interface Exchange {
  /** The request with this id and, where a door renames tools, this name. */
  readonly request: (idText: string, name: string) => string;
  readonly idText: string;
  /** Member of the answer, as the server writes it. */
  readonly outcome: string;
  /** Finds the request again among what the server received. */
  readonly mark: string;
}

const exchanges: fc.Arbitrary<Exchange> = fc
  .record({
    idForm: fc.constantFrom('number', 'decimal', 'huge', 'exponent', 'string', 'escaped'),
    method: fc.constantFrom('tools/call', 'tools/call', 'tasks/get', 'vendor.example/anything'),
    args: jsonText(),
    meta: objectWith(['"progress":0.0', '"vendor.example/a":1.0']),
    outcome: fc.oneof(
      objectWith(['"content":[]']).map((text) => `"result":${text}`),
      jsonText().map((data) => `"error":{"code":-32050,"message":"no","data":${data}}`),
    ),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 }),
    extra: jsonText(),
    gap: fc.constantFrom('', ' ', '\t', '\n', '\r\n  '),
    outer: objectWith([]),
  })
  .map(({ idForm, method, args, meta, outcome, order, extra, gap, outer }) => {
    lastNumber += 1;
    const mark = `mark-${lastNumber}-`;
    const request = (idText: string, name: string): string => {
      const params = [
        `"name":${gap}"${name}"`,
        `"mark":"${mark}"`,
        `"outcome":"${Buffer.from(outcome).toString('base64')}"`,
        `"arguments":${gap}${args}`,
        `"_meta":${meta}`,
        `"x":${outer}`,
      ];
      const members = [
        '"jsonrpc":"2.0"',
        `"id":${gap}${idText}`,
        `"method":"${method}"`,
        `"params":${gap}{${params.join(`${gap},`)}}`,
        `"vendor":${extra}`,
      ];
      return `{${gap}${order.map((index) => members[index]).join(`${gap},${gap}`)}${gap}}`;
    };
    return { request, idText: idTextOf(idForm, lastNumber), outcome, mark };
  });

function idTextOf(form: string, number: number): string {
  switch (form) {
    case 'decimal':
      return `${number}.0`;
    case 'huge':
      return `${number}${'0'.repeat(20)}`;
    case 'exponent':
      return `${number}e0`;
    case 'string':
      return `"id-${number}"`;
    case 'escaped':
      return `"\\u0069d \\/ ${number}"`;
    default:
      return String(number);
  }
}

/** Lines are the wire's own matter: over stdio a message is one line, over an event stream each line is a field. */
function onOneLine(text: string): string {
  return text.replaceAll(/[\r\n ]+/g, ' ');
}

function receivedWith(mark: string): string {
  const lines = readFileSync(recordFile, 'utf8').split('\n');
  const line = lines.findLast((candidate) => candidate.includes(mark));
  if (line === undefined) throw new Error(`The server received nothing with ${mark}.`);
  return JSON.parse(line) as string;
}

async function expectUnchanged(door: RawDoor, exchange: Exchange, names: { sent: string; own: string }): Promise<void> {
  const { request, idText, outcome, mark } = exchange;
  const answer = await door.ask(request(idText, names.sent), JSON.parse(idText));
  const received = receivedWith(mark);
  const { id } = JSON.parse(received) as { id: unknown };
  expect(onOneLine(received)).toBe(onOneLine(request(JSON.stringify(id), names.own)));
  expect(onOneLine(answer)).toBe(onOneLine(`{"jsonrpc":"2.0","id":${idText},${outcome}}`));
}

async function checkDoor(door: RawDoor, names: { sent: string; own: string }): Promise<void> {
  try {
    await fc.assert(
      fc.asyncProperty(exchanges, (exchange) => expectUnchanged(door, exchange, names)),
      { numRuns: RUNS },
    );
  } finally {
    await door.close();
  }
}

const OWN = { sent: 'mirror', own: 'mirror' };

/** Each address of one server, and of all of them where names have prefixes. */
const DOORS: Readonly<Record<string, (server: Upstream) => Promise<RawDoor>>> = {
  'Streamable HTTP': (server) => streamableDoor(gateway, `/servers/${server}/mcp`),
  'Streamable HTTP in batches': (server) => streamableDoor(gateway, `/servers/${server}/mcp`, true),
  'HTTP+SSE': (server) => sseDoor(gateway, `/servers/${server}/sse`),
  'the bridge': (server) => bridgeDoor(gateway, ['--server', server]),
};

const COMMON_DOORS: Readonly<Record<string, () => Promise<RawDoor>>> = {
  '/mcp': () => streamableDoor(gateway, '/mcp'),
  '/rpc': () => Promise.resolve(rpcDoor(gateway)),
  '/sse': () => sseDoor(gateway, '/sse'),
  '/mcp/sse': () => sseDoor(gateway, '/mcp/sse'),
  'a virtual server': () => streamableDoor(gateway, '/servers/part/mcp'),
  'the bridge': () => bridgeDoor(gateway, []),
};

describe.each(Object.keys(DOORS))('what nobody changed keeps its bytes through %s', (name) => {
  it.each(UPSTREAMS)('to a server behind %s and back', async (server) => {
    const open = DOORS[name];
    if (open === undefined) throw new Error(`There is no door "${name}".`);
    await checkDoor(await open(server), OWN);
  });
});

describe('what nobody changed keeps its bytes where names have prefixes', () => {
  it.each(Object.keys(COMMON_DOORS))('through %s', async (name) => {
    const open = COMMON_DOORS[name];
    if (open === undefined) throw new Error(`There is no door "${name}".`);
    for (const server of UPSTREAMS) await checkDoor(await open(), { sent: `${server}__mirror`, own: 'mirror' });
  });
});

describe('what the gateway adds', () => {
  it('is the trace context in _meta, and nothing else', async () => {
    const door = await streamableDoor(gateway, '/servers/traced/mcp');
    await fc.assert(
      fc.asyncProperty(exchanges, async ({ request, idText, mark }) => {
        await door.ask(request(idText, 'mirror'), JSON.parse(idText));
        const received = receivedWith(mark);
        const { id } = JSON.parse(received) as { id: unknown };
        const context = /,?"traceparent":"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]"/;
        expect(received).toMatch(context);
        expect(onOneLine(received.replace(context, ''))).toBe(onOneLine(request(JSON.stringify(id), 'mirror')));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a message that is nested very deeply', () => {
  it.each(UPSTREAMS)('keeps its bytes to a server behind %s and back', async (server) => {
    const deep = `${'[{"a":'.repeat(1_500)}1.0${'}]'.repeat(1_500)}`;
    const door = await streamableDoor(gateway, `/servers/${server}/mcp`);
    lastNumber += 1;
    const mark = `mark-${lastNumber}-`;
    const outcome = `"result":{"deep":${deep}}`;
    const request = (idText: string): string =>
      `{"jsonrpc":"2.0","id":${idText},"method":"tools/call","params":{"name":"mirror","mark":"${mark}",` +
      `"outcome":"${Buffer.from(outcome).toString('base64')}","arguments":${deep}}}`;
    await expectUnchanged(door, { request, idText: '7', outcome, mark }, OWN);
  });
});
