import type { z } from 'zod';
import type { ConfigText } from './config-text.ts';

/** The value at `path` as the schema has it. Throws a UserError that names the place of the first mistake. */
export function check<Schema extends z.ZodType>(
  source: ConfigText,
  path: readonly (string | number)[],
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  // A misspelt key is the reason why the right one is missing, so it comes first.
  const issue = issues.find((candidate) => candidate.code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) throw new Error('A failed check has an issue.');
  const where = [...path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  if (issue.code !== 'unrecognized_keys') {
    const name = where.length === 0 ? '' : `${where.join('.')}: `;
    throw source.complaint(where, `${name}${issue.message.replace(/\.$/, '')}.`);
  }
  const key = issue.keys[0] ?? '';
  const parent = where.length === 0 ? '' : ` (in ${where.join('.')})`;
  throw source.complaint([...where, key], issue.message.replace('. Known', `${parent}. Known`), 'key');
}

export function withoutUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
