import type { ServerLogLine, ServerView } from '../../../src/shared/domain/server.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { VirtualServerView } from '../../../src/shared/domain/virtual-server.ts';
import type { MemoryBridge } from '../../support/memory-bridge.ts';

type Printed = Omit<ServerLogLine, 'number'>;

const TOOLS: readonly (readonly [string, string])[] = [
  ['echo', 'Answers with what it was given.'],
  ['add', 'Adds two numbers and answers with their sum.'],
  [
    'longRunningOperation',
    'Takes its time and tells of each step, so that progress can be seen. For trying things out.',
  ],
  ['read_text_file', 'Reads the whole of a file as text, in UTF-8, from one of the folders that were allowed.'],
  ['list_directory', 'Lists the files and folders of one folder, each marked as what it is.'],
  ['search_issues', 'Searches issues and pull requests.'],
];

const PROMPTS = ['summarise', 'review', 'explain', 'translate'];

function view(id: string, rest: Partial<ServerView> = {}): ServerView {
  return {
    id: id as ServerId,
    transport: 'stdio',
    address: `npx -y @modelcontextprotocol/server-${id}`,
    state: 'connected',
    failure: null,
    retryAt: null,
    pid: 48_211,
    session: 'shared',
    prefix: id,
    serverName: `example-servers/${id}`,
    serverVersion: '1.0.0',
    protocolVersion: '2025-11-25',
    tools: TOOLS.map(([name, description]) => ({ name, exposedName: `${id}__${name}`, title: null, description })),
    prompts: PROMPTS.map((name) => ({ name, exposedName: `${id}__${name}` })),
    resources: Array.from({ length: 100 }, (_, index) => {
      const uri = `demo://resource/static/document-${String(index + 1)}.md`;
      return { name: uri, exposedName: uri };
    }),
    logLines: 0,
    ...rest,
  };
}

const GONE = {
  pid: null,
  tools: [],
  prompts: [],
  resources: [],
  serverName: null,
  serverVersion: null,
  protocolVersion: null,
} as const;

/** One server of each state. */
export function sampleServers(): readonly ServerView[] {
  return [
    view('everything', { session: 'dedicated' }),
    view('filesystem', { state: 'idle', pid: null, prefix: 'fs' }),
    view('github', {
      transport: 'http',
      address: 'https://api.example.com/mcp?key=•••',
      pid: null,
      protocolVersion: '2026-07-28',
    }),
    view('fetch', {
      state: 'restarting',
      failure: 'It ended with exit code 1: “Error: address already in use”.',
      retryAt: Date.now() + 24_000,
      pid: null,
    }),
    view('memory', { ...GONE, state: 'connecting' }),
    view('postgres', { state: 'stopped', pid: null }),
    view('notes', {
      ...GONE,
      state: 'failed',
      failure: 'The program “uvx” was not found. Install it, or give its full path.',
    }),
  ];
}

export function virtualServers(): readonly VirtualServerView[] {
  const member = (serverId: string) => ({ serverId: serverId as ServerId });
  return [
    {
      id: 'research' as ServerId,
      description: 'Reading only: for the agent that writes the weekly report.',
      members: [
        { ...member('github'), tools: ['search_issues'], prompts: [], resources: 'all' },
        { ...member('filesystem'), tools: ['read_text_file', 'list_directory'], prompts: ['summarise'], resources: [] },
      ],
      tools: 3,
      prompts: 1,
      resources: 100,
    },
    {
      id: 'demo' as ServerId,
      description: null,
      members: [{ ...member('everything'), tools: 'all', prompts: 'all', resources: 'all' }],
      tools: 6,
      prompts: 4,
      resources: 100,
    },
  ];
}

const LINES = [
  'Starting default (STDIO) server...',
  'Received request: tools/call longRunningOperation',
  '[2026-01-14T10:22:31.004Z] INFO  http: GET https://api.example.com/search?token=••• 200 in 84 ms',
  'DeprecationWarning: The `punycode` module is deprecated. Please use a userland alternative instead.',
  '    at Object.<anonymous> (/srv/servers/everything/dist/index.js:41:13)',
  'cache: 12 hits, 3 misses, 0 evicted',
];

/** What the servers have printed so far, and go on printing. */
export function printOn(bridge: MemoryBridge, now: number): void {
  const everything = 'everything' as ServerId;
  const line = (index: number, at: number): Printed =>
    index % 37 === 11
      ? { at, from: 'stdout', text: 'listening on stdio (this line should have gone to stderr)' }
      : { at, from: 'stderr', text: LINES[index % LINES.length] ?? '' };
  const count = 6_200;
  bridge.print(
    everything,
    Array.from({ length: count }, (_, index) => line(index, now - (count - index) * 700)),
  );
  bridge.print('fetch' as ServerId, [
    { at: now - 9_000, from: 'stderr', text: 'Traceback (most recent call last):' },
    { at: now - 9_000, from: 'stderr', text: '  File "/srv/fetch/server.py", line 12, in <module>' },
    { at: now - 8_990, from: 'stderr', text: 'OSError: [Errno 98] Address already in use' },
  ]);
  let next = count;
  setInterval(() => {
    bridge.print(everything, [line(next, Date.now())]);
    next += 1;
  }, 900);
}

export function printHostile(bridge: MemoryBridge, evil: string): void {
  bridge.print('notes' as ServerId, [{ at: Date.now(), from: 'stdout', text: evil }]);
}
