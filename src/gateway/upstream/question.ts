import { errorText } from '../frame/compose.ts';
import { isObject, traceMetaOf, type RequestFrame, type ResponseFrame } from '../frame/frame.ts';
import type { CallOutcome, ElicitationChoice, QuestionObservation, QuestionStart } from '../observer.ts';
import { countOf } from './catalog.ts';
import type { UpstreamSession } from './upstream-session.ts';

/** Who put a question to a client, and gets the answer. */
export type Questioner = Pick<UpstreamSession, 'serverId' | 'isClosed' | 'post' | 'notify'>;

/** Who is asked, as far as that is known. */
export type Asked = Pick<QuestionStart, 'sessionId' | 'clientName'>;

const NOBODY: Asked = { sessionId: null, clientName: null };
const METHOD_NOT_FOUND = -32601;

/** What an observer is told of a server's request. `idText`: under which the client gets it. */
export function questionStart(
  frame: RequestFrame,
  { serverId }: Pick<Questioner, 'serverId'>,
  idText: string | null,
  asked: Asked = NOBODY,
): QuestionStart {
  const { method, text } = frame;
  return { method, idText, meta: traceMetaOf(frame), messageText: text, serverId, ...asked };
}

/** Where a question is told of: the call that caused it, or the observer itself. */
export interface QuestionWatch {
  question(start: QuestionStart): QuestionObservation;
}

/** Answers a server's request that no client can be asked. */
export function refuseQuestion(
  frame: RequestFrame,
  session: Questioner,
  watch: QuestionWatch,
  message: string,
  asked?: Asked,
): void {
  const error = { code: METHOD_NOT_FOUND, message };
  const text = errorText(frame.idText, error);
  watch.question(questionStart(frame, session, null, asked)).end({ kind: 'error', ...error, messageText: text });
  void session.post(text);
}

/** Tells how a client answered. */
export function endQuestion(question: QuestionObservation, method: string, answer: ResponseFrame): void {
  question.end(outcomeOfAnswer(method, answer), answer.kind === 'result' ? choiceOf(method, answer.result) : null);
}

function outcomeOfAnswer(method: string, answer: ResponseFrame): CallOutcome {
  const messageText = answer.text;
  if (answer.kind === 'error') return { kind: 'error', code: answer.code, message: answer.errorMessage, messageText };
  return { kind: 'result', isToolError: false, messageText, count: countOf(method, answer) };
}

const CHOICES: readonly ElicitationChoice[] = ['accept', 'decline', 'cancel'];

function choiceOf(method: string, result: unknown): ElicitationChoice | null {
  if (method !== 'elicitation/create' || !isObject(result)) return null;
  return CHOICES.find((choice) => choice === result['action']) ?? null;
}
