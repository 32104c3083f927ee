import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/sources.ts';
import type { Comparison } from '../bench/redaction/comparison.ts';
import { groupsLeftOut, withComparison } from '../bench/redaction/comparison-report.ts';
import { redactorFor } from '../redaction/corpus-run.ts';
import { withRules } from '../redaction/rules-page.ts';
import { readPage } from './markdown.ts';

const comparison = JSON.parse(
  readFileSync(join(ROOT, 'test', 'bench', 'redaction', 'comparison.json'), 'utf8'),
) as Comparison;

describe('docs/redaction.md', () => {
  const page = readPage('docs/redaction.md');

  it('R93: lists the built-in rules as they are', () => {
    expect(page, 'run "npm run ledger:docs"').toBe(withRules(page, redactorFor({}).rules()));
  });

  it('shows the comparison that was recorded last', () => {
    expect(page, 'run "npm run ledger:docs"').toBe(withComparison(page, comparison));
  });

  it('leaves nothing out of the comparison', () => {
    expect(groupsLeftOut(comparison)).toEqual([]);
    expect(comparison.tools.length).toBeGreaterThan(2);
  });

  it('is not made without the marks that the tables go between', () => {
    expect(() => withRules('# Redaction', [])).toThrow('lacks');
    expect(() => withComparison('# Redaction', comparison)).toThrow('lacks');
  });
});
