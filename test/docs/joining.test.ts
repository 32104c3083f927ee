import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/sources.ts';
import { ATTR } from '../../src/upstream-sdk/semconv.ts';
import { readPage, sectionOf, subjects, tablesOf } from './markdown.ts';

const page = readPage('docs/joining.md');

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

const SNIPPET = /<!-- The same as (\S+) -->\n+```js\n(.*?)```\n/gs;

describe('docs/joining.md', () => {
  const snippets = [...page.matchAll(SNIPPET)].map(([, file = '', code = '']) => ({ file, code }));

  it('R98: shows programs that the tests run, to the letter', () => {
    expect(snippets.map(({ file }) => file.split('/').at(-1))).toEqual([
      'v1-stdio.mjs',
      'v2-stdio.mjs',
      'stock-stdio.mjs',
      'traced-agent.mjs',
    ]);
    for (const { file, code } of snippets) expect(code).toBe(readFileSync(join(ROOT, file), 'utf8'));
  });

  it('says of every program that is not run that it is not', () => {
    const sections = page.split(/\n## /).filter((section) => /```(python|go|rust)\n/.test(section));
    expect(sections.map((section) => section.split('\n')[0])).toEqual(['Python', 'Go', 'Rust']);
    for (const section of sections) expect(section).toContain('_Not run by us');
  });

  it('names the version of the API that is shared with this package', () => {
    const named = /@opentelemetry\/api@([\d.]+)/.exec(page)?.[1];
    expect(named).toBe(manifest.dependencies['@opentelemetry/api']);
  });

  it('names attributes that are there', () => {
    const [row = ''] = page.split('\n').filter((line) => line.startsWith('| attributes '));
    const named = [...row.matchAll(/`([a-z_]+\.[a-z_.]+)`/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(Object.values(ATTR)).toContain(name);
  });

  it('names the variables that servers are given, and no others', () => {
    const source = readFileSync(join(ROOT, 'src/runtime/ingest/telemetry-environment.ts'), 'utf8');
    const given = [...source.matchAll(/^ +(OTEL_\w+):/gm)].map(([, name]) => name);
    const [table] = tablesOf(sectionOf(page, 'What a program needs'));
    expect([...subjects(table ?? [], 'variable')].sort()).toEqual([...given, 'TRACEPARENT', 'TRACESTATE'].sort());
  });
});
