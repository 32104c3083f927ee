import type { MemoryBridge } from '../../support/memory-bridge.ts';
import { hugeTrace, sampleCall, upkeepTrace } from './sample-calls.ts';
import type { SampleCall } from './sample-calls.ts';
import { files, forwarding, settings } from './export-scene.ts';
import { joined } from './joined-scene.ts';
import { redaction } from './redaction-scene.ts';
import { printHostile, printOn, sampleServers, virtualServers } from './sample-servers.ts';

/** Named states of the window, for screenshots: `?scene=busy`. */
export const SCENES: Readonly<Record<string, (bridge: MemoryBridge) => void>> = {
  start: () => undefined,
  'start-readonly': (bridge) => {
    bridge.setInfo({ canManage: false });
  },
  waiting: (bridge) => {
    bridge.setServers(sampleServers());
  },
  busy,
  redaction: (bridge) => {
    busy(bridge);
    redaction(bridge);
  },
  'redaction-readonly': (bridge) => {
    busy(bridge);
    redaction(bridge);
    bridge.setInfo({ canManage: false });
  },
  tracing,
  'tracing-readonly': (bridge) => {
    tracing(bridge);
    bridge.setInfo({ canManage: false });
  },
  'settings-refused': (bridge) => {
    busy(bridge);
    bridge.settings.refuseNext('The disk is full.');
  },
  'export-blocked': (bridge) => {
    busy(bridge);
    bridge.files.setExportRefusal(
      'Nothing was exported: line 1, column 7, holds what the rule "iban" (iban) hides. Have stored traces redacted again on the page about redaction, then export again.',
    );
  },
  joined: (bridge) => {
    busy(bridge);
    joined(bridge);
  },
  'tracing-off': (bridge) => {
    busy(bridge);
    bridge.settings.set({ isRecording: false });
    bridge.settings.setFixed({
      isRecording: 'This gateway was started with --no-tracing, so nothing is recorded.',
      keepsHistory: 'This gateway was started with --data-dir, so traces are kept in /srv/throughline/traces.db.',
    });
  },
  offline: (bridge) => {
    busy(bridge);
    setTimeout(() => {
      bridge.setStatus({ phase: 'lost', since: Date.now(), retryAt: Date.now() + 8_000 });
    }, 600);
  },
  refused: (bridge) => {
    bridge.setStatus({ phase: 'refused', reason: 'no-code' });
  },
  huge: (bridge) => {
    busy(bridge);
    put(bridge, hugeTrace(900_000, Date.now() + 1_000, 10_000));
  },
  hostile: (bridge) => {
    const evil = '<img src=x onerror=alert(1)> \u202Egnp.exe\u202C \u001b[31m';
    bridge.setServers(sampleServers().map((server) => ({ ...server, failure: evil, address: evil })));
    printHostile(bridge, evil);
    const call: SampleCall = { id: 1, at: Date.now() - 900, took: 12, target: evil, server: 'notes', client: evil };
    put(
      bridge,
      sampleCall({ ...call, status: 'error', error: evil, answer: evil, args: { evil }, progress: 1, printed: [evil] }),
    );
  },
  many: (bridge) => {
    bridge.setServers(sampleServers());
    fill(bridge, 2_000);
    let next = 5_000;
    setInterval(() => {
      put(bridge, sampleCall(filler(next, Date.now())));
      next += 1;
    }, 400);
  },
};

function put(bridge: MemoryBridge, sample: ReturnType<typeof sampleCall>): void {
  bridge.putTrace(sample.detail, sample.payloads);
}

function tracing(bridge: MemoryBridge): void {
  busy(bridge);
  settings(bridge);
  forwarding(bridge);
  files(bridge);
}

function busy(bridge: MemoryBridge): void {
  const now = Date.now();
  bridge.setServers(sampleServers());
  bridge.setVirtualServers(virtualServers());
  printOn(bridge, now);
  bridge.setStats({ evictedTraces: 3 });
  fill(bridge, 36, 40_000);
  for (const call of [...recentCalls(now), ...latestCalls(now)]) put(bridge, sampleCall(call));
  for (let index = 0; index < 14; index += 1) {
    const kind = index % 4 === 3 ? 'stream' : 'health';
    put(bridge, upkeepTrace(3_000 + index, now - index * 9_000, kind, index % 2 === 0 ? 'everything' : 'github'));
  }
  put(bridge, upkeepTrace(3_100, now - 20_000, 'restart', 'fetch'));
}

/** One call of each sort: quick, slow, failed, with a secret. */
function recentCalls(now: number): readonly SampleCall[] {
  return [
    {
      id: 1,
      at: now - 31_000,
      took: 214,
      target: 'search_issues',
      server: 'github',
      client: 'Claude Code',
      firstOfSession: true,
      upstreamSpans: true,
      remoteParent: true,
      args: { query: 'is:open label:bug', limit: 50 },
    },
    { id: 2, at: now - 27_500, took: 3.42, target: 'echo', server: 'everything', client: 'Claude Code' },
    {
      id: 3,
      at: now - 24_000,
      took: 5_213,
      target: 'longRunningOperation',
      server: 'everything',
      client: 'Claude Code',
      progress: 5,
      args: { duration: 5, steps: 5 },
      printed: LONG_RUN_LINES,
    },
    {
      id: 4,
      at: now - 17_000,
      took: 41.8,
      status: 'error',
      error: "ENOENT: no such file or directory, open '/srv/notes/missing.md'",
      target: 'read_text_file',
      server: 'filesystem',
      client: 'Cursor',
      args: { path: '/srv/notes/missing.md' },
    },
    {
      id: 5,
      at: now - 13_000,
      took: 18.1,
      target: 'login',
      server: 'github',
      client: 'Cursor',
      secret: true,
      error: 'The login as ada with ••• was refused: the account is locked',
      args: { user: 'ada', ticket: 'k7Qm2ZxV9tLp4RwY8sBn3JdH', note: 'safe \u202Egnp.exe\u202C here' },
    },
  ];
}

const LONG_RUN_LINES = [
  'longRunningOperation: 5 steps, 1000 ms each',
  '[debug] authorization=••• accepted',
  'step 3 of 5',
  'done',
];

/** A list, a call given up, one blocked, one that is never answered. */
function latestCalls(now: number): readonly SampleCall[] {
  return [
    {
      id: 6,
      at: now - 9_400,
      took: 7.9,
      method: 'tools/list',
      target: null,
      server: 'filesystem',
      client: 'Visual Studio Code',
    },
    { id: 7, at: now - 8_000, took: 1_204, status: 'cancelled', target: 'crawl', server: 'fetch', client: 'Cursor' },
    {
      id: 8,
      at: now - 6_100,
      took: 2.1,
      status: 'blocked',
      target: 'delete_repository',
      server: 'github',
      client: 'Claude Code',
      error: 'Deleting is not allowed here',
    },
    {
      id: 9,
      at: now - 4_200,
      took: null,
      target: 'never_answers',
      server: 'everything',
      client: 'Claude Code',
      progress: 2,
    },
  ];
}

const TOOLS = [
  'echo',
  'add',
  'read_text_file',
  'list_directory',
  'search_issues',
  'get_pull_request',
  'fetch',
  'write_file',
];
const NAMES = ['everything', 'filesystem', 'github', 'fetch'];
const CLIENTS = ['Claude Code', 'Cursor', 'Visual Studio Code'];

function filler(id: number, at: number): SampleCall {
  const failed = id % 23 === 5;
  return {
    id,
    at,
    took: 1.4 + ((id * 7919) % 1_300) / (1 + (id % 9)),
    target: TOOLS[id % TOOLS.length] ?? 'echo',
    server: NAMES[(id * 3) % NAMES.length] ?? 'everything',
    client: CLIENTS[id % CLIENTS.length] ?? 'Cursor',
    secret: id % 11 === 0,
    ...(failed ? { status: 'error' as const, error: 'Rate limit exceeded, retry after 30 s' } : {}),
  };
}

function fill(bridge: MemoryBridge, count: number, before = 0): void {
  const now = Date.now() - before;
  for (let index = 0; index < count; index += 1) put(bridge, sampleCall(filler(100 + index, now - index * 4_700)));
}
