/** A part of a message whose shape nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

export interface RequestMessage {
  readonly id: string | number;
  readonly method: string;
  readonly params: Fields;
}

export interface NotificationMessage {
  readonly method: string;
  readonly params: Fields;
}

export interface AnswerMessage {
  readonly id: string | number;
  /** Null when the answer is an error. */
  readonly result: Fields | null;
  readonly error: Fields | null;
}

const NOTHING: Fields = {};

/** The value as an object, or an empty one. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : NOTHING;
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function idOf(message: Fields): string | number | null {
  const { id } = message;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

/** A request that is to be answered, or null. */
export function asRequest(message: unknown): RequestMessage | null {
  const fields = fieldsOf(message);
  const id = idOf(fields);
  if (id === null || typeof fields['method'] !== 'string') return null;
  return { id, method: fields['method'], params: fieldsOf(fields['params']) };
}

export function asNotification(message: unknown): NotificationMessage | null {
  const fields = fieldsOf(message);
  if ('id' in fields || typeof fields['method'] !== 'string') return null;
  return { method: fields['method'], params: fieldsOf(fields['params']) };
}

export function asAnswer(message: unknown): AnswerMessage | null {
  const fields = fieldsOf(message);
  const id = idOf(fields);
  if (id === null || 'method' in fields) return null;
  if ('error' in fields) return { id, result: null, error: fieldsOf(fields['error']) };
  return 'result' in fields ? { id, result: fieldsOf(fields['result']), error: null } : null;
}
