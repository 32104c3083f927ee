import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExportBlocked } from '../../../src/runtime/redaction/export-guard.ts';
import { UserError } from '../../../src/shared/kernel/user-error.ts';
import { OTHER_TRACE_ID, TRACE_ID } from '../../support/fake-services.ts';
import {
  bearer,
  INGEST_TOKEN,
  OPERATOR_SECRET,
  startDoors,
  TOKEN,
  type DoorsUnderTest,
} from '../../support/headless-doors.ts';
import { openPage, pageTokenOf } from '../../support/page.ts';

let doors: DoorsUnderTest;

beforeEach(async () => {
  doors = await startDoors();
});
afterEach(() => doors.stop());

function call(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(doors.origin + path, { ...init, headers: { ...bearer(), 'Content-Type': 'application/json' } });
}

async function sentenceOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { message: string } }).error.message;
}

describe('GET /api/traces', () => {
  it("lists traces with the contract's fields", async () => {
    const response = await call('/api/traces');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject([
      {
        traceId: TRACE_ID,
        name: 'POST /mcp',
        startTime: '2025-06-15T15:06:40.000Z',
        durationMs: 250,
        status: 'ok',
        spanCount: 3,
        openSpanCount: 0,
        services: ['throughline'],
      },
    ]);
  });

  it('hands query and limit to the store, 100 unless given', async () => {
    await call('/api/traces');
    await call(`/api/traces?q=${encodeURIComponent('tool:echo status:error')}&limit=1000`);
    expect(doors.services.calls).toEqual(['store.list  100', 'store.list tool:echo status:error 1000']);
  });

  it.each(['0', '-1', '1001', '1.5', 'ten', '', '1e3'])('refuses limit "%s" with a sentence', async (limit) => {
    const response = await call(`/api/traces?limit=${limit}`);
    expect(response.status).toBe(400);
    expect(await sentenceOf(response)).toBe('Give limit a whole number from 1 to 1000.');
  });

  it('answers 400 with the sentence when the query cannot be understood', async () => {
    const response = await call('/api/traces?q=bad:');
    expect(response.status).toBe(400);
    expect(await sentenceOf(response)).toBe('Write a value after "bad:".');
  });

  it('answers 500 without the detail, which goes to the log', async () => {
    const response = await call('/api/traces?q=crash');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(doors.reported.join()).toContain('disk on fire');
  });
});

describe('GET /api/traces/{id}', () => {
  it('R22: exports OTLP/JSON without payloads unless asked', async () => {
    const plain = await call(`/api/traces/${TRACE_ID}`);
    expect(plain.headers.get('content-type')).toBe('application/json');
    expect(await plain.json()).toEqual({ what: TRACE_ID, format: 'otlp-json', withPayloads: false });
    const asked = await call(`/api/traces/${TRACE_ID}?payloads=1`);
    expect(await asked.json()).toMatchObject({ withPayloads: true });
  });

  it.each([
    ['otlp-jsonl', 'application/x-ndjson'],
    ['otlp-proto', 'application/x-protobuf'],
    ['session', 'application/x-ndjson'],
  ])('exports %s', async (format, mediaType) => {
    const response = await call(`/api/traces/${TRACE_ID}?format=${format}`);
    expect(response.headers.get('content-type')).toBe(mediaType);
    expect(await response.json()).toMatchObject({ format });
  });

  it('R26: answers 409 with the sentence when something in it must not leave', async () => {
    const hit = { rule: 'jwt', kind: 'token', line: 1, column: 7, near: 'note' };
    const refuse = () => Promise.reject(new ExportBlocked([hit, hit], () => 'JSON Web Tokens'));
    Object.assign(doors.services.exports, { trace: refuse, selected: refuse });
    for (const path of [`/api/traces/${TRACE_ID}`, '/api/export']) {
      const response = await call(path);
      expect(response.status).toBe(409);
      expect(await sentenceOf(response)).toMatch(
        /^Nothing was exported: line 1, column 7, near "note", holds what the rule "jwt" \(JSON Web Tokens\) hides and 1 more\./,
      );
    }
  });

  it('says what is wrong with the id, the format or the switch, and when there is no such trace', async () => {
    expect((await call('/api/traces/xyz')).status).toBe(400);
    expect((await call(`/api/traces/${'0'.repeat(32)}`)).status).toBe(400);
    expect((await call(`/api/traces/${TRACE_ID.toUpperCase()}`)).status).toBe(400);
    expect((await call(`/api/traces/${TRACE_ID}?format=zip`)).status).toBe(400);
    expect((await call(`/api/traces/${TRACE_ID}?payloads=yes`)).status).toBe(400);
    expect((await call(`/api/traces/${OTHER_TRACE_ID}`)).status).toBe(404);
    expect((await call(`/api/traces/${OTHER_TRACE_ID}/tree`)).status).toBe(404);
  });
});

describe('GET /api/traces/{id}/tree', () => {
  it('nests spans, open ones included, with their payloads', async () => {
    const response = await call(`/api/traces/${TRACE_ID}/tree`);
    expect(await response.json()).toMatchObject({
      traceId: TRACE_ID,
      spans: [
        {
          name: 'span 1',
          pluginChain: [],
          children: [
            {
              name: 'span 2',
              payloads: [{ direction: 'request', text: '{"a":1}' }],
              children: [{ name: 'span 3', open: true, endTime: null }],
            },
          ],
        },
      ],
    });
  });
});

describe('DELETE /api/traces and GET /api/export', () => {
  it('exports every trace, and says so when there is none', async () => {
    expect(await (await call('/api/export?format=otlp-jsonl')).json()).toEqual({
      what: 'matching ',
      format: 'otlp-jsonl',
      withPayloads: false,
    });
    expect((await call('/api/traces', { method: 'DELETE' })).status).toBe(204);
    expect(doors.services.calls).toContain('store.clear');
    const empty = await call('/api/export');
    expect(empty.status).toBe(404);
    expect(await sentenceOf(empty)).toContain('There are no traces yet');
  });

  it('answers 405 to methods that a route does not take', async () => {
    const response = await call('/api/traces', { method: 'PUT', body: '{}' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, DELETE');
    expect((await call(`/api/traces/${TRACE_ID}`, { method: 'POST' })).status).toBe(405);
    expect((await call('/api/open-code')).status).toBe(405);
  });
});

describe('POST /api/import', () => {
  const send = (init: { body: BodyInit; headers?: Record<string, string> }, query = '?name=a%20file.json') =>
    fetch(`${doors.origin}/api/import${query}`, {
      method: 'POST',
      body: init.body,
      headers: { ...bearer(), ...init.headers },
    });

  it('hands the body over, packed or not, whatever type it says it is of', async () => {
    const plain = await send({ body: 'eight by', headers: { 'Content-Type': 'text/plain' } });
    expect(plain.status).toBe(200);
    expect(await plain.json()).toMatchObject({ fileName: 'a file.json', format: 'OTLP JSON', spans: 2 });
    const packed = new Uint8Array(gzipSync('x'.repeat(1_000)));
    expect((await send({ body: packed, headers: { 'Content-Encoding': 'gzip' } }, '')).status).toBe(200);
    expect(doors.services.calls).toEqual(['traces.import a file.json 8', 'traces.import The file 1000']);
  });

  it('answers with the sentence of what cannot be read, and what is too large', async () => {
    Object.assign(doors.services.imports, { file: () => Promise.reject(new UserError('a.png is a picture.')) });
    const refused = await send({ body: 'x' });
    expect(refused.status).toBe(400);
    expect(await sentenceOf(refused)).toBe('a.png is a picture.');
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(257 * 1024 * 1024)));
    const huge = await send({ body: bomb, headers: { 'Content-Encoding': 'gzip' } });
    expect(huge.status).toBe(413);
    expect(await sentenceOf(huge)).toBe(
      'The body has more than 256 MiB unpacked: split the file and import its parts.',
    );
    expect((await send({ body: 'x', headers: { 'Content-Encoding': 'br' } })).status).toBe(415);
    expect((await send({ body: 'x', headers: { 'Content-Encoding': 'gzip' } })).status).toBe(400);
  });

  it('S24: is not for the token of spans', async () => {
    const response = await send({ body: 'x', headers: bearer(INGEST_TOKEN) });
    expect(response.status).toBe(403);
    expect(doors.services.calls).toEqual([]);
  });
});

describe('POST /api/open-code', () => {
  async function freshUi(body: unknown): Promise<string> {
    const response = await call('/api/open-code', { method: 'POST', body: JSON.stringify(body) });
    expect(response.status).toBe(200);
    return ((await response.json()) as { ui: string }).ui;
  }

  async function canManage(ui: string): Promise<boolean> {
    const page = await openPage(doors.origin, await pageTokenOf(ui));
    const info = await page.client.app.info();
    page.close();
    return info.canManage;
  }

  it('S27: gives an address with a one-time code in its fragment and no token in it', async () => {
    const ui = await freshUi({});
    expect(new URL(ui).hash).toMatch(/^#code=[A-Za-z0-9_-]{43}$/);
    expect(new URL(ui).search).toBe('');
    expect(ui).not.toContain(TOKEN);
  });

  it('S5: the token alone opens a page that may only look', async () => {
    expect(await canManage(await freshUi({}))).toBe(false);
    expect(await canManage(await freshUi({ operatorSecret: 'guessed' }))).toBe(false);
    expect(await canManage(await freshUi({ operatorSecret: TOKEN }))).toBe(false);
  });

  it('S5: the secret of the state file opens a page that may manage', async () => {
    expect(await canManage(await freshUi({ operatorSecret: OPERATOR_SECRET }))).toBe(true);
  });

  it('S5: nothing opens a page that may manage when the host was started without --manage', async () => {
    await doors.stop();
    doors = await startDoors({ operatorSecret: null });
    expect(await canManage(await freshUi({ operatorSecret: OPERATOR_SECRET }))).toBe(false);
    expect(await canManage(await freshUi({ operatorSecret: '' }))).toBe(false);
  });

  it('refuses bodies that are too large, not JSON or of another shape', async () => {
    const post = async (body: string): Promise<number> =>
      (await call('/api/open-code', { method: 'POST', body })).status;
    expect(await post(JSON.stringify({ operatorSecret: 'x'.repeat(2_000) }))).toBe(413);
    expect(await post('x'.repeat(5_000_000))).toBe(413);
    expect(await post('{')).toBe(400);
    expect(await post('{"canManage":true}')).toBe(400);
    expect(await post('[]')).toBe(400);
  });
});

describe('servers', () => {
  it.each([
    ['POST', '/api/servers'],
    ['PUT', '/api/servers/x'],
    ['POST', '/api/servers/x/start'],
    ['POST', '/api/servers/x/confirm'],
    ['POST', '/api/servers/x/stop'],
    ['DELETE', '/api/servers/x'],
    ['POST', '/api/virtual-servers'],
    ['PUT', '/api/virtual-servers/x'],
    ['POST', '/virtualServers/save'],
    ['POST', '/servers/propose'],
    ['POST', '/api/ws'],
    ['POST', '/api/rpc/servers/propose'],
    ['POST', '/servers/confirm'],
    ['POST', '/api/demo/play'],
  ])('S5: %s %s does nothing, with the token too', async (method, path) => {
    const body = JSON.stringify({ json: { id: 'x', config: { type: 'stdio', command: 'touch', args: ['/tmp/x'] } } });
    const response = await call(path, { method, body });
    expect(response.status).toBe(404);
    expect(doors.services.calls).toEqual([]);
  });
});
