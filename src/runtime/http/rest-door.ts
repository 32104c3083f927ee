import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { isTraceId, type TraceId } from '../../shared/domain/ids.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import type { ReportFailure } from '../log.ts';
import { ExportBlocked } from '../redaction/export-guard.ts';
import type { ExportFormat, RuntimeServices } from '../services.ts';
import type { HttpDoor } from './http-door.ts';
import { createImportRoute, type TakeImport } from './import-route.ts';
import { readJsonBody } from './read-json-body.ts';
import { sendBytes, sendError, sendJson, sendMethodNotAllowed } from './replies.ts';
import { secretsEqual } from './secrets.ts';
import { traceLine, traceTree } from './tree.ts';

export interface RestDoorOptions {
  readonly services: Pick<RuntimeServices, 'store' | 'exports' | 'imports'>;
  /** Address of the page with a fresh one-time code in its fragment. */
  readonly createUiUrl: (canManage: boolean) => string;
  /**
   * Proves to `POST /api/open-code` that its caller may read the operator's own state file; the page it then gets may
   * manage. Null when no page may. The gateway's token alone, which every client has, never leads there (S5).
   */
  readonly operatorSecret: string | null;
  readonly report: ReportFailure;
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly options: RestDoorOptions;
  readonly takeImport: TakeImport;
}

interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: RegExp;
  readonly answer: (call: Call, id: string) => Promise<void>;
}

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  'otlp-json': 'application/json',
  'otlp-jsonl': 'application/x-ndjson',
  'otlp-proto': 'application/x-protobuf',
  session: 'application/x-ndjson',
};
const EXPORT_FORMATS = Object.keys(MEDIA_TYPES) as ExportFormat[];
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const MAX_BODY_BYTES = 1_024;

/** Scripts' way to the traces. Nothing here can add, change, start or consent to a server (S5). */
const ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/api\/traces$/, answer: listTraces },
  { method: 'DELETE', path: /^\/api\/traces$/, answer: clearTraces },
  { method: 'GET', path: /^\/api\/traces\/([^/]+)$/, answer: exportTrace },
  { method: 'GET', path: /^\/api\/traces\/([^/]+)\/tree$/, answer: sendTree },
  { method: 'GET', path: /^\/api\/export$/, answer: exportAll },
  { method: 'POST', path: /^\/api\/import$/, answer: importFile },
  { method: 'POST', path: /^\/api\/open-code$/, answer: openPage },
];

export function createRestDoor(options: RestDoorOptions): HttpDoor {
  const takeImport = createImportRoute(options.services.imports);
  return {
    handle(request, response, url) {
      const path = url.pathname;
      const routes = ROUTES.filter((route) => route.path.test(path));
      if (routes.length === 0) return false;
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      const route = routes.find((candidate) => candidate.method === method);
      if (route === undefined) {
        sendMethodNotAllowed(
          response,
          path,
          routes.map((candidate) => candidate.method),
        );
        return true;
      }
      const id = route.path.exec(path)?.[1] ?? '';
      route.answer({ request, response, url, options, takeImport }, id).catch((thrown: unknown) => {
        if (thrown instanceof UserError) {
          sendError(response, path, thrown instanceof ExportBlocked ? 409 : 400, thrown.message);
          return;
        }
        options.report(`Answering ${route.method} ${path}`, thrown);
        sendError(response, path, 500, 'The gateway failed to answer this request: its log says why.');
      });
      return true;
    },
  };
}

async function listTraces({ response, url, options }: Call): Promise<void> {
  const traces = await options.services.store.list(url.searchParams.get('q') ?? '', limitOf(url));
  sendJson(response, 200, traces.map(traceLine));
}

async function clearTraces({ response, options }: Call): Promise<void> {
  await options.services.store.clear();
  response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
}

async function exportTrace({ response, url, options }: Call, id: string): Promise<void> {
  const format = formatOf(url);
  const withPayloads = payloadsWanted(url);
  const bytes = await options.services.exports.trace(traceIdOf(id), { format, withPayloads });
  if (bytes === null) sendNoSuchTrace(response, url);
  else sendBytes(response, 200, MEDIA_TYPES[format], bytes);
}

async function sendTree({ response, url, options }: Call, id: string): Promise<void> {
  const traceId = traceIdOf(id);
  const { store } = options.services;
  const [detail, payloads] = await Promise.all([store.trace(traceId), store.payloads(traceId)]);
  if (detail === null) sendNoSuchTrace(response, url);
  else sendJson(response, 200, traceTree(detail, payloads));
}

async function exportAll({ response, url, options }: Call): Promise<void> {
  const format = formatOf(url);
  const withPayloads = payloadsWanted(url);
  const { store, exports } = options.services;
  if ((await store.list('', 1)).length === 0) {
    sendError(response, url.pathname, 404, 'There are no traces yet: call a tool through the gateway first.');
    return;
  }
  const query = url.searchParams.get('q') ?? '';
  const { bytes, traces } = await exports.selected({ query }, { format, withPayloads });
  if (traces === 0) sendError(response, url.pathname, 404, 'No trace matches this filter: nothing is exported.');
  else sendBytes(response, 200, MEDIA_TYPES[format], bytes);
}

function importFile({ request, response, url, takeImport }: Call): Promise<void> {
  return takeImport(request, response, url);
}

const openPageSchema = z.strictObject({ operatorSecret: z.string().max(256).optional() });

async function openPage({ request, response, url, options }: Call): Promise<void> {
  const body = await readJsonBody(request, MAX_BODY_BYTES);
  if (!body.ok) {
    sendError(response, url.pathname, body.error.status, body.error.message);
    return;
  }
  const parsed = openPageSchema.safeParse(body.value);
  if (!parsed.success) throw new UserError('Send {} to get the address of the page.');
  const presented = parsed.data.operatorSecret;
  const canManage =
    options.operatorSecret !== null && presented !== undefined && secretsEqual(presented, options.operatorSecret);
  sendJson(response, 200, { ui: options.createUiUrl(canManage) });
}

function limitOf(url: URL): number {
  const text = url.searchParams.get('limit');
  if (text === null) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new UserError(`Give limit a whole number from 1 to ${MAX_LIMIT}.`);
  return limit;
}

function formatOf(url: URL): ExportFormat {
  const text = url.searchParams.get('format') ?? 'otlp-json';
  const format = EXPORT_FORMATS.find((candidate) => candidate === text);
  if (format === undefined) throw new UserError(`Give format one of ${EXPORT_FORMATS.join(', ')}.`);
  return format;
}

function payloadsWanted(url: URL): boolean {
  const text = url.searchParams.get('payloads') ?? '0';
  if (text !== '0' && text !== '1') throw new UserError('Give payloads 1 to include them, or leave it out.');
  return text === '1';
}

function traceIdOf(text: string): TraceId {
  if (!isTraceId(text)) throw new UserError('A trace id is 32 lower-case hex digits.');
  return text;
}

function sendNoSuchTrace(response: ServerResponse, url: URL): void {
  sendError(
    response,
    url.pathname,
    404,
    'There is no such trace: it was never recorded, cleared, or made room for others.',
  );
}
