/** Where a command writes: stdout is its answer, stderr is what it has to say about it. */
export interface Output {
  /** Resolves when the text is handed over. A reader that went away is not an error. */
  out(content: string | Uint8Array): Promise<void>;
  err(line: string): void;
}

export function processOutput(): Output {
  // `throughline export | head` closes the pipe early; that is the reader's right.
  process.stdout.on('error', ignoreClosedPipe);
  process.stderr.on('error', ignoreClosedPipe);
  return {
    out: (content) =>
      new Promise((resolve, reject) => {
        process.stdout.write(content, (error) => {
          if (error === null || error === undefined || isClosedPipe(error)) resolve();
          else reject(error);
        });
      }),
    err: (line) => {
      process.stderr.write(`${line}\n`);
    },
  };
}

function ignoreClosedPipe(error: Error): void {
  if (!isClosedPipe(error)) throw error;
}

function isClosedPipe(error: Error): boolean {
  return (error as NodeJS.ErrnoException).code === 'EPIPE';
}
