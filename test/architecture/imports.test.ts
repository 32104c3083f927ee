import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importProblems, importsOf, packageOf, roomOf, unreadableImports } from './imports.ts';
import { rooms } from './import-policy.ts';
import { parseSource, readSources, ROOT } from './sources.ts';

const sources = readSources(['src', 'renderer']);

function problemsOf(path: string, text: string): string[] {
  return importProblems([parseSource(path, text)], rooms);
}

describe('the import policy', () => {
  it('looks at every room there is', () => {
    expect(sources.length).toBeGreaterThan(10);
    const found = new Set(sources.map((source) => roomOf(source.path, rooms)?.folder));
    for (const room of ['src/shared/kernel', 'src/shared/domain', 'src/shared/contract', 'src/store', 'src/runtime']) {
      expect(found).toContain(room);
    }
  });

  it('names no folder that does not exist', () => {
    const missing = rooms
      .flatMap((room) => [room.folder, ...room.rooms])
      .filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  it('is obeyed by every import of src and renderer', () => {
    expect(importProblems(sources, rooms)).toEqual([]);
  });

  it('sees relative imports only of files that exist, with their extension', () => {
    const missing = sources.flatMap((source) =>
      importsOf(source)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => posix.join(posix.dirname(source.path), specifier.replace(/\?.*$/, '')))
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${source.path} imports ${target}`),
    );
    expect(missing).toEqual([]);
  });

  it('can read every import: none is computed', () => {
    expect(unreadableImports(sources)).toEqual([]);
  });

  it('finds what src runs with among the dependencies, not the development tools', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const used = sources
      .filter((source) => source.path.startsWith('src/'))
      .flatMap((source) => importsOf(source).map(({ specifier }) => packageOf(specifier)))
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:') && name !== 'electron');
    const undeclared = [...new Set(used)].filter((name) => manifest.dependencies[name] === undefined);
    expect(undeclared).toEqual([]);
  });
});

describe('the check of the import policy can fail', () => {
  it('on a type-only import', () => {
    const problems = problemsOf('src/shared/domain/x.ts', "import type { Gateway } from '../../gateway/gateway.ts';");
    expect(problems).toEqual([
      'src/shared/domain/x.ts:1 imports src/gateway/gateway.ts: src/shared/domain may not import src/gateway',
    ]);
  });

  it.each([
    ['a value import', "import { a } from '../gateway/a.ts';"],
    ['a re-export', "export { a } from '../gateway/a.ts';"],
    ['an import() type', "type A = import('../gateway/a.ts').A;"],
    ['a dynamic import', "const a = await import('../gateway/a.ts');"],
    ['a side-effect import', "import '../gateway/a.ts';"],
    ['a worker address', "const a = new URL('../gateway/a.ts', import.meta.url);"],
    ['require', "const a = require('../gateway/a.ts');"],
  ])('on %s', (_form, text) => {
    expect(problemsOf('src/store/x.ts', text)).toHaveLength(1);
  });

  it.each([
    ['electron outside the desktop host', 'src/cli/x.ts', "import type { App } from 'electron';"],
    ['a database outside the store', 'src/runtime/x.ts', "import { DatabaseSync } from 'node:sqlite';"],
    [
      'OpenTelemetry outside telemetry, otlp and runtime',
      'src/gateway/x.ts',
      "import { trace } from '@opentelemetry/api';",
    ],
    ['a process started by the runtime', 'src/runtime/x.ts', "import { spawn } from 'node:child_process';"],
    ['React in the view models', 'renderer/model/x.ts', "import { useMemo } from 'react';"],
    [
      'anything of ours in the widgets',
      'renderer/ui/x.tsx',
      "import type { Span } from '../../src/shared/domain/span.ts';",
    ],
    ['another feature', 'renderer/features/traces/x.tsx', "import { a } from '../servers/a.ts';"],
    ['a room of src other than shared', 'renderer/bridge/x.ts', "import type { S } from '../../src/store/port.ts';"],
    ['more of a room than its port', 'src/telemetry/x.ts', "import { redact } from '../redaction/engine.ts';"],
    ['a folder nobody listed', 'src/utils/x.ts', ''],
  ])('on %s', (_what, path, text) => {
    expect(problemsOf(path, text)).toHaveLength(1);
  });

  it('on an import that is computed', () => {
    const source = parseSource('src/store/x.ts', "const name = '../gateway/a.ts'; const a = await import(name);");
    expect(unreadableImports([source])).toHaveLength(1);
  });

  it('but not on what is allowed', () => {
    expect(problemsOf('src/store/x.ts', "import type { TraceId } from '../shared/domain/ids.ts';")).toEqual([]);
    expect(problemsOf('src/telemetry/x.ts', "import type { Redactor } from '../redaction/port.ts';")).toEqual([]);
  });
});
