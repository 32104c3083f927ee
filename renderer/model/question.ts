import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { askedKind } from './input-wait.ts';
import type { AskedOf } from './input-wait.ts';

const METHOD = 'mcp.method.name';
const ACTION = 'throughline.elicitation.action';

/** What became of a question that a user was asked. */
const ANSWERS: Readonly<Record<string, string>> = { accept: 'accepted', decline: 'declined', cancel: 'dismissed' };

export type QuestionTo = Exclude<AskedOf, 'several'>;

const WORDS: Readonly<Record<QuestionTo, readonly [asks: string, asked: string]>> = {
  user: ['asks the user', 'asked the user'],
  model: ['asks the client’s model', 'asked the client’s model'],
  folders: ['asks for the client’s folders', 'asked for the client’s folders'],
};

/** Whose part it is to answer what a server asks of a client with this span; null where it is no such question. */
export function questionTo(span: RedactedSpan): QuestionTo | null {
  if (span.kind !== 'client') return null;
  const method = span.attributes[METHOD];
  const kind = typeof method === 'string' ? askedKind(method) : null;
  return kind === 'several' ? null : kind;
}

/** For example “asked the user · declined”. */
export function questionWords(span: RedactedSpan, to: QuestionTo): string {
  const [asks, asked] = WORDS[to];
  if (span.endTime === null) return asks;
  const action = span.attributes[ACTION];
  const answer = typeof action === 'string' ? ANSWERS[action] : undefined;
  return answer === undefined ? asked : `${asked} · ${answer}`;
}
