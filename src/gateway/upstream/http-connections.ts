import { Pool, type Dispatcher } from 'undici';

export interface HttpRequest {
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** With its query. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: string | null;
}

/** The connections to one HTTP server, shared by its sessions: nothing of a session is kept in them. */
export interface HttpConnections {
  /** Never throws: the handler hears what went wrong. */
  begin(request: HttpRequest, handler: Dispatcher.DispatchHandler): void;
  /** Ends them all. What begins afterwards connects again. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MILLIS = 10_000;

export function createHttpConnections(url: string): HttpConnections {
  const { origin } = new URL(url);
  let pool: Pool | null = null;
  return {
    begin(request, handler) {
      // Waiting for an answer is bounded by whoever waits (the call's own time-out), not by the socket.
      pool ??= new Pool(origin, { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_TIMEOUT_MILLIS } });
      pool.dispatch(request, handler);
    },
    async close() {
      const open = pool;
      pool = null;
      await open?.destroy();
    },
  };
}
