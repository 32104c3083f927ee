import type { Explanation } from '../../src/shared/domain/redaction.ts';

/** What one rule, or several that saw the same, made of a value. */
export interface GatheredStep {
  readonly titles: readonly string[];
  readonly found: boolean;
  readonly why: string;
}

/** Rules that follow each other and found nothing for the same reason are said in one line: there are dozens. */
export function gatheredSteps({ steps }: Explanation): readonly GatheredStep[] {
  const gathered: GatheredStep[] = [];
  for (const { title, found, why } of steps) {
    const last = gathered.at(-1);
    if (last !== undefined && !found && !last.found && last.why === why) {
      gathered[gathered.length - 1] = { ...last, titles: [...last.titles, title] };
    } else gathered.push({ titles: [title], found, why });
  }
  return gathered;
}
