import { newCallerContext } from '../../support/trace-context.ts';
import type { Json } from '../../support/raw-session.ts';
import { inJson, inText, type Plant } from './plant.ts';
import type { Ground, Position } from './positions.ts';

const ANY = ['shaped', 'named', 'known'] as const;

function attribute(key: string, stringValue: string): Json {
  return { key, value: { stringValue } };
}

/** A trace with one span as OTLP/JSON. */
function traceWith(span: Json, around: { readonly resource?: Json; readonly scope?: Json } = {}): string {
  const { traceId, spanId } = newCallerContext();
  const times = { startTimeUnixNano: '1764000000000000000', endTimeUnixNano: '1764000000100000000' };
  const spans = [{ traceId, spanId, name: 'from outside', ...times, ...span }];
  return JSON.stringify({
    resourceSpans: [{ resource: around.resource, scopeSpans: [{ scope: around.scope, spans }] }],
  });
}

async function received({ gateway }: Ground, body: string): Promise<void> {
  await takenAt(gateway, '/v1/traces', body);
}

async function imported({ gateway }: Ground, body: string): Promise<void> {
  await takenAt(gateway, '/api/import?name=planted.json', body);
}

async function takenAt(gateway: Ground['gateway'], path: string, body: string): Promise<void> {
  const response = await gateway.rest(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** What an event, a link and so on hold of one. */
function everywhereOf(plant: Plant): Json {
  const text = inText(plant);
  const { traceId, spanId } = newCallerContext();
  const attributes = [
    attribute('note', text),
    { key: 'list', value: { arrayValue: { values: [{ stringValue: text }] } } },
  ];
  return {
    name: text,
    status: { code: 2, message: text },
    attributes,
    events: [{ name: text, timeUnixNano: '1764000000000000001', attributes }],
    links: [{ traceId, spanId, attributes }],
  };
}

/** In what others send or write, and so may hold whatever they like. */
export const RECEIVED_POSITIONS: readonly Position[] = [
  {
    name: 'a span that is sent',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => received(ground, traceWith(everywhereOf(plant))),
  },
  {
    name: 'the resource and the scope of a span that is sent',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => {
      const text = inText(plant);
      const resource = { attributes: [attribute('service.name', text), attribute('process.command_line', text)] };
      return received(ground, traceWith({}, { resource, scope: { name: text, version: text } }));
    },
  },
  {
    name: 'a body in a file, with what it says was hidden',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => {
      const body = JSON.stringify(inJson(plant));
      const finding = { path: '', start: 0, end: 3, rule: plant.secret, kind: plant.secret, length: '1-8', hash: 'ab' };
      const findings = JSON.stringify([finding, { ...finding, path: `/${plant.secret}`, hash: 'a'.repeat(16) }]);
      const attributes = [
        attribute('throughline.payload.request', body),
        attribute('throughline.payload.request.media_type', 'application/json'),
        attribute('throughline.payload.request.findings', findings),
        attribute('throughline.findings', findings),
      ];
      return imported(ground, traceWith({ attributes }));
    },
  },
];
