/** One room of the house: a folder, what of ours it may import, and what of others'. */
export interface Room {
  /** Folder relative to the repository. A file belongs to the room with the longest matching folder. */
  readonly folder: string;
  /** Rooms (folders) or single files. A room may always import itself. */
  readonly rooms: readonly string[];
  /** npm packages (every entry point of them) and Node built-ins. */
  readonly packages: readonly string[];
}

const KERNEL = 'src/shared/kernel';
const DOMAIN = 'src/shared/domain';
const CONTRACT = 'src/shared/contract';
const SHARED = [KERNEL, DOMAIN, CONTRACT];

const REACT = ['react', 'react-dom'];
const WIDGETS = [...REACT, 'radix-ui', 'lucide-react', '@tanstack/react-virtual', 'react-resizable-panels'];

const FILES = ['node:fs', 'node:fs/promises', 'node:path', 'node:url', 'node:os'];

/** The import policy. Type-only imports obey it too: types are how contracts leak. */
export const rooms: readonly Room[] = [
  { folder: KERNEL, rooms: [], packages: [] },
  { folder: DOMAIN, rooms: [KERNEL], packages: ['zod'] },
  { folder: CONTRACT, rooms: [KERNEL, DOMAIN], packages: ['zod', '@orpc/contract'] },

  {
    folder: 'src/gateway',
    rooms: [...SHARED, 'src/gateway/upstream'],
    packages: [
      'node:http',
      'node:crypto',
      'node:events',
      'node:stream',
      'node:net',
      'node:timers',
      'node:util',
      'eventsource-parser',
    ],
  },
  {
    folder: 'src/gateway/upstream',
    rooms: [...SHARED, 'src/gateway'],
    packages: [
      'undici',
      'eventsource-parser',
      'node:child_process',
      'node:crypto',
      'node:events',
      'node:path',
      'node:stream',
      'node:string_decoder',
      'node:timers',
      'node:util',
    ],
  },
  { folder: 'src/redaction', rooms: SHARED, packages: ['node:crypto'] },
  {
    folder: 'src/telemetry',
    rooms: [...SHARED, 'src/gateway/ports.ts', 'src/redaction/port.ts'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/core',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace-base',
      'node:crypto',
    ],
  },
  {
    folder: 'src/store',
    rooms: SHARED,
    packages: ['node:sqlite', 'node:worker_threads', 'node:events', ...FILES],
  },
  { folder: 'src/otlp', rooms: SHARED, packages: ['@opentelemetry/otlp-transformer'] },
  {
    folder: 'src/runtime',
    rooms: [...SHARED, 'src/gateway', 'src/telemetry', 'src/redaction', 'src/store', 'src/otlp'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/core',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace-base',
      '@orpc/server',
      'jsonc-parser',
      'ws',
      'zod',
      'node:crypto',
      'node:http',
      'node:net',
      'node:stream',
      'node:util',
      'node:timers',
      ...FILES,
    ],
  },
  {
    folder: 'src/desktop',
    rooms: [...SHARED, 'src/runtime'],
    packages: ['electron', '@orpc/server', '@orpc/client', 'node:child_process', ...FILES],
  },
  {
    folder: 'src/cli',
    rooms: [...SHARED, 'src/runtime'],
    packages: ['node:child_process', 'node:process', 'node:util', ...FILES],
  },

  {
    folder: 'renderer',
    rooms: ['renderer/app', 'renderer/bridge', 'renderer/ui', ...SHARED],
    packages: REACT,
  },
  {
    folder: 'renderer/app',
    rooms: ['renderer/bridge', 'renderer/model', 'renderer/features', 'renderer/ui', ...SHARED],
    packages: [...WIDGETS, 'zustand'],
  },
  {
    folder: 'renderer/features',
    rooms: ['renderer/bridge', 'renderer/model', 'renderer/ui', ...SHARED],
    packages: [...WIDGETS, 'zustand'],
  },
  {
    folder: 'renderer/bridge',
    rooms: SHARED,
    packages: ['@orpc/client', '@orpc/contract'],
  },
  { folder: 'renderer/model', rooms: SHARED, packages: [] },
  { folder: 'renderer/ui', rooms: [], packages: WIDGETS },
];
