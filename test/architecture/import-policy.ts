/** One room of the house: a folder, what of ours it may import, and what of others'. */
export interface Room {
  /** Folder relative to the repository. A file belongs to the room with the longest matching folder. */
  readonly folder: string;
  /** Rooms (folders) or single files. A room may always import itself. */
  readonly rooms: readonly string[];
  /** npm packages and Node built-ins, with every entry point of them. */
  readonly packages: readonly string[];
}

const KERNEL = 'src/shared/kernel';
const DOMAIN = 'src/shared/domain';
const CONTRACT = 'src/shared/contract';
const SHARED = [KERNEL, DOMAIN, CONTRACT];

/** Built-ins that compute: they reach neither disk nor network nor another process. */
const COMPUTING = [
  'node:crypto',
  'node:events',
  'node:path',
  'node:readline',
  'node:stream',
  'node:string_decoder',
  'node:timers',
  'node:url',
  'node:util',
];

const TRACER = [
  '@opentelemetry/api',
  '@opentelemetry/core',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-base',
];

const REACT = ['react', 'react-dom'];
const WIDGETS = [...REACT, 'radix-ui', 'lucide-react', '@tanstack/react-virtual', 'react-resizable-panels'];

/** The import policy. Type-only imports obey it too: types are how contracts leak. */
export const rooms: readonly Room[] = [
  { folder: KERNEL, rooms: [], packages: [] },
  { folder: DOMAIN, rooms: [KERNEL], packages: ['zod'] },
  { folder: CONTRACT, rooms: [KERNEL, DOMAIN], packages: ['zod', '@orpc/contract'] },

  {
    folder: 'src/gateway',
    rooms: [...SHARED, 'src/gateway/upstream'],
    packages: ['node:http', 'eventsource-parser', ...COMPUTING],
  },
  {
    folder: 'src/gateway/upstream',
    rooms: [...SHARED, 'src/gateway'],
    packages: ['undici', 'eventsource-parser', 'node:child_process', ...COMPUTING],
  },
  { folder: 'src/redaction', rooms: SHARED, packages: ['node:crypto', 're2js'] },
  {
    folder: 'src/telemetry',
    // The gateway's ports and redaction's, nothing behind them.
    rooms: [...SHARED, 'src/gateway/observer.ts', 'src/gateway/clock.ts', 'src/redaction/port.ts'],
    packages: [...TRACER, 'node:crypto'],
  },
  {
    folder: 'src/store',
    rooms: SHARED,
    packages: ['node:sqlite', 'node:worker_threads', 'node:fs', ...COMPUTING],
  },
  {
    folder: 'src/otlp',
    rooms: SHARED,
    packages: ['@opentelemetry/api', '@opentelemetry/otlp-transformer', 'protobufjs', 'node:util', 'node:zlib'],
  },
  {
    folder: 'src/otlp/send',
    rooms: SHARED,
    packages: [
      '@grpc/grpc-js',
      '@opentelemetry/otlp-transformer',
      'protobufjs',
      'undici',
      'node:tls',
      'node:zlib',
      ...COMPUTING,
    ],
  },
  {
    folder: 'src/runtime',
    rooms: [
      ...SHARED,
      'src/gateway',
      'src/gateway/upstream',
      'src/telemetry',
      'src/redaction',
      'src/store',
      'src/otlp',
      'src/otlp/send',
    ],
    packages: [
      ...TRACER,
      '@orpc/contract',
      '@orpc/server',
      'eventsource-parser',
      'jsonc-parser',
      'ws',
      'zod',
      'node:fs',
      'node:http',
      'node:net',
      'node:os',
      'node:zlib',
      ...COMPUTING,
    ],
  },
  { folder: 'src/runtime/login-path.ts', rooms: [], packages: ['node:child_process', 'node:os', ...COMPUTING] },
  // A program of its own: what users are shown is a server like theirs, with nothing of the gateway in it.
  { folder: 'src/runtime/demo/server', rooms: [], packages: COMPUTING },
  {
    folder: 'src/upstream-sdk',
    // Runs in other people's servers: nothing of ours, and only what those who import it are told that they install.
    rooms: [],
    packages: [
      ...TRACER,
      '@opentelemetry/context-async-hooks',
      '@opentelemetry/exporter-trace-otlp-proto',
      'node:async_hooks',
      'node:crypto',
      'node:timers',
    ],
  },
  {
    folder: 'src/bridge',
    // A client of the gateway's: of what is in it, only how a message is read.
    rooms: [
      ...SHARED,
      'src/gateway/era/envelope.ts',
      'src/gateway/era/request-headers.ts',
      'src/gateway/frame/compose.ts',
      'src/gateway/frame/edit.ts',
      'src/gateway/frame/frame.ts',
      'src/gateway/frame/json-scan.ts',
      'src/gateway/upstream/line-framer.ts',
    ],
    packages: ['node:http', 'eventsource-parser', ...COMPUTING],
  },
  {
    folder: 'src/desktop',
    rooms: [...SHARED, 'src/runtime', 'src/runtime/login-path.ts'],
    packages: ['electron', '@orpc/server', '@orpc/client', 'node:child_process', 'node:fs', 'node:os', ...COMPUTING],
  },
  {
    folder: 'src/cli',
    rooms: [...SHARED, 'src/runtime', 'src/runtime/login-path.ts', 'src/bridge'],
    packages: ['zod', 'node:child_process', 'node:fs', 'node:os', 'node:v8', ...COMPUTING],
  },

  {
    folder: 'renderer',
    rooms: ['renderer/app', 'renderer/bridge', 'renderer/features', 'renderer/ui', ...SHARED],
    packages: [...REACT, 'zod'],
  },
  {
    folder: 'renderer/app',
    rooms: ['renderer/bridge', 'renderer/model', 'renderer/features', 'renderer/ui', ...SHARED],
    packages: [...WIDGETS, 'zod', 'zustand'],
  },
  {
    folder: 'renderer/features',
    rooms: ['renderer/bridge', 'renderer/model', 'renderer/ui', ...SHARED],
    packages: [...WIDGETS, 'zod', 'zustand'],
  },
  {
    folder: 'renderer/bridge',
    rooms: SHARED,
    packages: ['@orpc/client', '@orpc/contract', 'react', 'zod', 'zustand'],
  },
  { folder: 'renderer/model', rooms: SHARED, packages: ['zod'] },
  { folder: 'renderer/ui', rooms: [], packages: WIDGETS },
];
