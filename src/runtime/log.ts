import type { Redactor } from '../redaction/port.ts';
import type { RedactedText } from '../shared/domain/redacted.ts';
import { messageOf } from '../shared/kernel/user-error.ts';

/** Where the host says what it does. Lines go to people and files, so only redacted text is accepted. */
export interface Logger {
  info(text: RedactedText): void;
  warn(text: RedactedText): void;
  error(text: RedactedText): void;
}

/** Tells the log about a failure that its caller only hears of in general words. Never throws. */
export type ReportFailure = (doing: string, thrown: unknown) => void;

/** A logger that writes one line per entry, `level message`, to `stream`. */
export function createLineLogger(stream: { write(text: string): unknown }): Logger {
  const line = (level: string, text: RedactedText): void => {
    stream.write(`throughline ${level}: ${text}\n`);
  };
  return {
    info: (text) => {
      line('info', text);
    },
    warn: (text) => {
      line('warning', text);
    },
    error: (text) => {
      line('error', text);
    },
  };
}

/** Reports through the redactor, since an error's message may quote what it failed on. Stacks only with `debug`. */
export function createFailureReporter(log: Logger, redactor: Pick<Redactor, 'text'>, debug = false): ReportFailure {
  return (doing, thrown) => {
    const detail = debug && thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : messageOf(thrown);
    log.error(redactor.text(`${doing} failed: ${detail}`));
  };
}
