import type { Finding, LengthBucket } from '../../src/shared/domain/redacted.ts';

/** Hashes are told apart by their first digits; the rest is for the machine. */
const SHOWN_HASH_DIGITS = 8;

/** Why a value is hidden, in words. */
export function findingLabel(finding: Finding): string {
  return `${finding.kind} hidden by rule “${finding.rule}”, ${lengthWords(finding.length)}`;
}

/** The same in as few words as can stand beside it. */
export function findingTag({ rule, kind }: Pick<Finding, 'rule' | 'kind'>): string {
  return rule === kind || kind === '' ? rule : `${rule} · ${kind}`;
}

export function lengthWords(length: LengthBucket): string {
  const [from = '', to = ''] = length.split('-');
  return to === '' ? `${from.replace('+', '')} or more characters` : `${from} to ${to} characters`;
}

export function shortHash(hash: string): string {
  return hash.slice(0, SHOWN_HASH_DIGITS);
}

const HASH = /^[0-9a-f]{16}$/;

export function isHash(text: string): boolean {
  return HASH.test(text);
}
