import type { Dispatcher } from 'undici';

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** One HTTP request and its answer, told as it comes. After `ended`, `broke` or `abort` nothing more is told. */
export abstract class HttpExchange implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | null = null;
  #isOver = false;

  /** Ends the exchange, whatever has come of it. */
  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller?.abort(new Error('The exchange was given up.'));
    this.left();
  }

  protected abstract head(status: number, headers: ResponseHeaders): void;
  protected abstract body(chunk: Buffer): void;
  protected abstract ended(): void;
  protected abstract broke(error: Error): void;
  /** The exchange is over for one of the three reasons; the last thing that is told. */
  protected left(): void {
    // Nothing was held.
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It was given up while it waited for a connection.
    if (this.#isOver) controller.abort(new Error('The exchange was given up.'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (!this.#isOver && status >= 200) this.head(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isOver) this.body(chunk);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.ended();
    this.left();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.broke(error);
    this.left();
  }
}

export function contentTypeOf(headers: ResponseHeaders): string {
  const type = headers['content-type'];
  return typeof type === 'string' ? type : '';
}

export function isEventStream(headers: ResponseHeaders): boolean {
  return contentTypeOf(headers).includes('text/event-stream');
}
