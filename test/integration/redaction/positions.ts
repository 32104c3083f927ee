import type { Scene } from '../../fixtures/servers/leaky/scene.ts';
import { openRawSession, type Json, type RawSession } from '../../support/raw-session.ts';
import type { GatewayProcess } from '../../support/gateway-process.ts';
import { RECEIVED_POSITIONS } from './received-positions.ts';
import { inAddress, inJson, inText, type Kind, type Plant } from './plant.ts';

/** What a plant is put into: a gateway with a local and a remote server that say what is written down for them. */
export interface Ground {
  readonly gateway: GatewayProcess;
  readonly session: RawSession;
  /** Writes down what the servers are to say, and answers with its name. */
  scene(scene: Scene): string;
}

export interface Position {
  readonly name: string;
  readonly kinds: readonly Kind[];
  /** Where its marker must be found again; null where nothing of it is kept. */
  readonly keptIn: 'traces' | 'log' | null;
  readonly plant: (ground: Ground, plant: Plant) => Promise<unknown>;
}

const ANY: readonly Kind[] = ['shaped', 'named', 'known'];
const ANYWHERE: readonly Kind[] = ['shaped', 'known'];
const SHAPED: readonly Kind[] = ['shaped'];

const SERVERS = ['leaky', 'remote'] as const;

/** Both servers say the same: one over a pipe, one over HTTP. */
async function bothSay({ session, scene }: Ground, what: Scene): Promise<void> {
  const name = scene(what);
  for (const server of SERVERS)
    await session.callTool(`${server}__say`, { scene: name }, { progressToken: `${server}-${name}` });
}

function answers(result: Json): Scene {
  return { answer: { result } };
}

const silence = answers({ content: [] });

async function callWith({ session, scene }: Ground, args: Json, meta?: Json, headers?: Record<string, string>) {
  const options = headers === undefined ? {} : { headers };
  await session.callTool('leaky__say', { scene: scene(silence), ...args }, meta, options);
}

function textContent(text: string): Json {
  return { content: [{ type: 'text', text }] };
}

export const POSITIONS: readonly Position[] = [
  {
    name: 'arguments',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => callWith(ground, { data: inJson({ ...plant, depth: 0 }) }),
  },
  {
    name: 'JSON in a string of the arguments',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => callWith(ground, { data: inJson({ ...plant, depth: Math.max(1, plant.depth) }) }),
  },
  {
    name: 'a text argument',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => callWith(ground, { text: inText(plant) }),
  },
  {
    name: 'the query of an address',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => callWith(ground, { link: inAddress(plant, 'https://docs.example/a?b=c') }),
  },
  {
    name: 'the userinfo of an address',
    kinds: ['named'],
    keptIn: 'traces',
    plant: (ground, { marker, secret }) => callWith(ground, { link: `postgres://app:${secret}@db.example/${marker}` }),
  },
  {
    name: 'a name in an object',
    kinds: ANYWHERE,
    keptIn: 'traces',
    plant: (ground, plant) => callWith(ground, { data: { [inText(plant)]: 1 } }),
  },
  {
    name: 'a pair of name and value',
    kinds: ['named'],
    keptIn: 'traces',
    plant: (ground, { marker, secret }) =>
      callWith(ground, { headers: [{ name: 'X-Api-Key', value: secret }, ['Cookie', `a=${secret}`], marker] }),
  },
  {
    name: '_meta',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => callWith(ground, {}, { 'example.com/note': inJson(plant) }),
  },
  {
    name: 'the text of a result',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => bothSay(ground, answers(textContent(inText(plant)))),
  },
  {
    name: 'JSON in the text of a result',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => bothSay(ground, answers(textContent(JSON.stringify(inJson(plant))))),
  },
  {
    name: 'structured content',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => bothSay(ground, answers({ content: [], structuredContent: { data: inJson(plant) } })),
  },
  {
    name: 'an error of a tool',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => bothSay(ground, answers({ ...textContent(inText(plant)), isError: true })),
  },
  {
    name: 'a stack',
    kinds: ANY,
    keptIn: 'traces',
    plant(ground, plant) {
      const stack = `Error: ${inText(plant)}\n    at connect (/srv/app/db.js:10:5)\n    at main (/srv/app/main.js:3:1)`;
      return bothSay(ground, answers({ ...textContent(stack), isError: true }));
    },
  },
  {
    name: 'the message of a JSON-RPC error',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) => bothSay(ground, { answer: { error: { code: -32603, message: inText(plant) } } }),
  },
  {
    name: 'the data of a JSON-RPC error',
    kinds: ANY,
    keptIn: 'traces',
    plant: (ground, plant) =>
      bothSay(ground, { answer: { error: { code: -32000, message: 'no', data: inJson(plant) } } }),
  },
  {
    name: 'the text of a resource',
    kinds: ANY,
    keptIn: 'traces',
    plant({ session, scene }, plant) {
      const contents = [{ uri: 'leaky://doc', mimeType: 'text/plain', text: inText(plant) }];
      return session.request('resources/read', { uri: `leaky://doc?scene=${scene(answers({ contents }))}` });
    },
  },
  {
    name: 'the URI of a resource',
    kinds: ANY,
    keptIn: 'traces',
    plant({ session, scene }, plant) {
      const name = scene(answers({ contents: [] }));
      return session.request('resources/read', { uri: inAddress(plant, `leaky://doc?scene=${name}`) });
    },
  },
  {
    name: 'arguments of a prompt',
    kinds: ANY,
    keptIn: 'traces',
    plant({ session, scene }, plant) {
      const args = { scene: scene(answers({ messages: [] })), data: JSON.stringify(inJson(plant)) };
      return session.request('prompts/get', { name: 'leaky__recite', arguments: args });
    },
  },
  {
    name: 'the text of a prompt',
    kinds: ANY,
    keptIn: 'traces',
    plant({ session, scene }, plant) {
      const messages = [{ role: 'user', content: { type: 'text', text: inText(plant) } }];
      return session.request('prompts/get', {
        name: 'leaky__recite',
        arguments: { scene: scene(answers({ messages })) },
      });
    },
  },
  {
    name: 'a log message of a server',
    kinds: ANY,
    keptIn: null,
    plant: (ground, plant) =>
      bothSay(ground, {
        ...silence,
        notifications: [{ method: 'notifications/message', params: { level: 'info', data: inJson(plant) } }],
      }),
  },
  {
    name: 'a message of progress',
    kinds: ANY,
    keptIn: null,
    plant: (ground, plant) =>
      bothSay(ground, {
        ...silence,
        notifications: [{ method: 'notifications/progress', params: { progress: 1, message: inText(plant) } }],
      }),
  },
  {
    name: 'a line on stderr',
    kinds: ANY,
    keptIn: 'log',
    plant: ({ session, scene }, plant) =>
      session.callTool('leaky__say', { scene: scene({ ...silence, stderr: [inText(plant)] }) }),
  },
  {
    name: 'a line on stdout that is no message',
    kinds: ANY,
    keptIn: 'log',
    plant: ({ session, scene }, plant) =>
      session.callTool('leaky__say', { scene: scene({ ...silence, noise: [inText(plant)] }) }),
  },
  {
    name: 'the name of a tool',
    kinds: ANYWHERE,
    keptIn: 'traces',
    plant: ({ session }, plant) => session.callTool(`leaky__${inText(plant)}`, {}),
  },
  {
    name: 'a method',
    kinds: SHAPED,
    keptIn: null,
    plant: ({ session }, plant) => session.request(`own/${plant.secret}`, {}),
  },
  {
    name: 'the name of a client',
    kinds: ANYWHERE,
    keptIn: 'traces',
    plant: (ground, plant) => initialized(ground, { name: inText(plant), version: '1' }),
  },
  {
    name: 'the version of a client',
    kinds: SHAPED,
    keptIn: null,
    plant: (ground, plant) => initialized(ground, { name: 'version', version: plant.secret }),
  },
  {
    name: 'the user agent',
    kinds: ANYWHERE,
    keptIn: 'traces',
    plant: (ground, plant) => callWith(ground, {}, undefined, { 'user-agent': `x/1 (${inText(plant)})` }),
  },
  {
    name: 'the correlation id',
    kinds: SHAPED,
    keptIn: null,
    plant: (ground, plant) => callWith(ground, {}, undefined, { 'x-correlation-id': plant.secret }),
  },
  {
    name: 'the trace state',
    kinds: SHAPED,
    keptIn: null,
    plant: (ground, { secret, marker }) =>
      callWith(ground, {}, undefined, {
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        tracestate: `vendor=${secret},other=${marker}`,
      }),
  },
  {
    name: 'baggage',
    kinds: SHAPED,
    keptIn: null,
    plant: (ground, { secret }) => callWith(ground, {}, undefined, { baggage: `user=${secret}` }),
  },
  {
    name: 'a header of the client',
    kinds: ['shaped', 'named'],
    keptIn: null,
    plant: (ground, { secret }) => callWith(ground, {}, undefined, { 'x-api-key': secret, cookie: `s=${secret}` }),
  },
  {
    name: 'the query of the endpoint',
    kinds: ['shaped', 'named'],
    keptIn: null,
    plant: ({ gateway }, { secret }) => openRawSession(gateway, `/mcp?page=1&token=${encodeURIComponent(secret)}`),
  },
  {
    name: 'the path',
    kinds: SHAPED,
    keptIn: null,
    plant: ({ gateway }, { secret }) =>
      gateway.rest(`/servers/${secret}/mcp`, { method: 'POST', body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' }),
  },
  {
    name: 'a message that is no JSON',
    kinds: SHAPED,
    keptIn: null,
    plant: ({ session }, { secret }) => session.post(`{"jsonrpc":"2.0","id":1,"method":"${secret}`),
  },
  ...RECEIVED_POSITIONS,
];

async function initialized({ gateway }: Ground, clientInfo: Json): Promise<void> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  await gateway.rest('/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
}
