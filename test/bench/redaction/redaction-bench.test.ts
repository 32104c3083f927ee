import { describe, expect, it } from 'vitest';
import { redactorFor } from '../../redaction/corpus-run.ts';
import { adversarialTexts } from './adversarial.ts';
import { comparisonReport, groupsLeftOut } from './comparison-report.ts';
import { compareRedactors } from './comparison.ts';
import { isGoalMissed, speedReport } from './speed-report.ts';
import { measureRedaction, type RedactionSpeed } from './speed.ts';

describe('the bench of redaction', () => {
  it('has texts made to be slow for every rule', () => {
    const texts = adversarialTexts(1_000);
    const busy = new Set(texts.map(({ rule }) => rule));
    const rules = redactorFor({}).rules();
    expect(rules.map(({ id }) => id).filter((id) => !busy.has(id))).toEqual([]);
    for (const { text } of texts) expect(text.length).toBeGreaterThanOrEqual(1_000);
  });

  it('measures every text in every round and names what is slowest for each rule', () => {
    const lines: string[] = [];
    const speed = measureRedaction({ rounds: 1, size: 2_000, calls: 2, report: (line) => lines.push(line) });
    const report = speedReport(speed).join('\n');
    for (const { id } of redactorFor({}).rules()) expect(report).toContain(`| ${id} `);
    expect(report).not.toMatch(/undefined/);
    expect(lines).toEqual(['round 1 of 1', 'documents, bodies and spans']);
  });

  it('says which goal is missed', () => {
    const of = (median: number) => ({ median, lowest: median, highest: median });
    const speed = (slowest: number, document: number): RedactionSpeed => ({
      ...{ size: 1 << 20, benign: of(50), document: of(document), body: of(8), span: of(7) },
      adversarial: [
        { rule: 'jwt', title: 'a', millis: of(slowest) },
        { rule: 'jwt', title: 'b', millis: of(1) },
      ],
    });
    expect(isGoalMissed(speed(150, 5))).toBe(false);
    expect(isGoalMissed(speed(151, 5))).toBe(true);
    expect(isGoalMissed(speed(201, 5))).toBe(true);
    expect(isGoalMissed(speed(1, 5.1))).toBe(true);
    expect(speedReport(speed(150, 5)).join('\n')).toMatch(/\| jwt +\| a /);
  });

  it('compares by the secrets that are gone and by the harmless cases that are changed', async () => {
    const one = (name: string, redact: (text: string) => string) => ({
      ...{ name, licence: 'MIT', purpose: 'for this test' },
      redact: (text: string) => Promise.resolve(redact(text)),
      unchanged: (text: string) => text,
    });
    const comparison = await compareRedactors([one('nothing', (text) => text), one('everything', () => '')]);
    expect(groupsLeftOut(comparison)).toEqual([]);
    for (const { gone, secrets } of comparison.groups) expect(gone.slice(1)).toEqual([0, secrets]);
    const { cases, changed } = comparison.harmless;
    expect(cases).toBeGreaterThan(120);
    expect(changed.slice(1)).toEqual([0, cases]);
    expect(comparisonReport(comparison).join('\n')).toMatch(/all of these\*\* +\| \d+ +\| \d+ % +\| 0 % +\| 100 % /);
  });
});
