import type { Retention } from '../../src/shared/domain/settings.ts';
import type { StoreStats } from '../../src/shared/domain/trace.ts';
import { tracingSettingsSchema } from '../../src/shared/contract/schemas.ts';
import { err, ok } from '../../src/shared/kernel/result.ts';
import type { Result } from '../../src/shared/kernel/result.ts';
import { formatBytes, formatCount, plural } from './format.ts';

/** How much is kept, as it is typed. Empty stands for no limit where there may be none. */
export type RetentionDraft = Readonly<Record<keyof Retention, string>>;
export type RetentionErrors = Readonly<Partial<Record<keyof Retention, string>>>;

const BYTES_PER_MIB = 1024 * 1024;

const WRONG: Readonly<Record<keyof Retention, string>> = {
  days: 'A whole number of days up to 3,650, or empty.',
  traces: 'A whole number up to 10,000,000, or empty.',
  megabytes: 'A whole number from 1 to 65,536.',
};

export function draftOfRetention({ days, traces, megabytes }: Retention): RetentionDraft {
  const shown = (limit: number): string => (limit === 0 ? '' : String(limit));
  return { days: shown(days), traces: shown(traces), megabytes: String(megabytes) };
}

export function readRetention(draft: RetentionDraft): Result<Retention, RetentionErrors> {
  const value = {
    days: numberOf(draft.days, 0),
    traces: numberOf(draft.traces, 0),
    megabytes: numberOf(draft.megabytes),
  };
  const read = tracingSettingsSchema.shape.retention.safeParse(value);
  if (read.success) return ok(read.data);
  const wrong = new Set(read.error.issues.map(({ path }) => path[0]));
  const keys = (Object.keys(WRONG) as (keyof Retention)[]).filter((key) => wrong.has(key));
  return err(Object.fromEntries(keys.map((key) => [key, WRONG[key]])));
}

/** Thousands may be set apart, as the numbers beside the fields are. */
function numberOf(text: string, empty = Number.NaN): number {
  const digits = text.replaceAll(/[\s,]/g, '');
  if (digits === '') return empty;
  return /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
}

/** What goes at once when a limit becomes stricter, one sentence for each; empty when nothing does as far as is known. */
export function retentionLosses(before: Retention, next: Retention, stats: StoreStats | null): readonly string[] {
  const losses: string[] = [];
  if (next.days > 0 && (before.days === 0 || next.days < before.days))
    losses.push(`Traces older than ${plural(next.days, 'day')} go at once.`);
  if (stats !== null && next.traces > 0 && next.traces < stats.traces)
    losses.push(`${plural(stats.traces - next.traces, 'trace')} of the ${formatCount(stats.traces)} kept go at once.`);
  if (stats !== null && next.megabytes * BYTES_PER_MIB < stats.bytes)
    losses.push(
      `The oldest go at once, until ${formatBytes(next.megabytes * BYTES_PER_MIB)} of ${formatBytes(stats.bytes)} are left.`,
    );
  return losses;
}
