import type { ServerId, TraceId } from '../../src/shared/domain/ids.ts';
import type { TraceWatch } from '../../src/shared/domain/feed.ts';
import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import type { TraceSummary } from '../../src/shared/domain/trace.ts';
import { startHomeRuntime, type HomeRuntime } from '../integration/config/home-runtime.ts';
import { temporaryFolder } from './cli-process.ts';
import { eventually } from './eventually.ts';
import { workbenchStdio } from './fixture-servers.ts';
import { readOtlp, type OtlpSpan } from './otlp.ts';
import { openRawSession, type RawSession } from './raw-session.ts';
import { stockSdk, type StockSdk, type StockSdkOptions } from './stock-sdk.ts';

/** The whole runtime with one server, and ways to send it spans. */
export interface ReceivingApp extends AsyncDisposable {
  readonly app: HomeRuntime;
  /** A session with the server. */
  session(): Promise<RawSession>;
  /** Sends to its receiver with the token for spans, unless told otherwise. */
  sdk(options?: Partial<StockSdkOptions>): StockSdk;
  /** Posts a body to the receiver as it is. */
  post(body: BodyInit, headers?: Readonly<Record<string, string>>): Promise<Response>;
  summary(traceId: string): Promise<TraceSummary | null>;
  /** The trace once it has so many spans, all ended. */
  spansOf(traceId: string, count: number): Promise<readonly OtlpSpan[]>;
  /** Its open spans once it has some. */
  openSpans(traceId: string): Promise<readonly RedactedSpan[]>;
}

export async function startReceivingApp(): Promise<ReceivingApp> {
  const app = await startHomeRuntime(temporaryFolder());
  const id = 'local' as ServerId;
  await app.add(id, { type: 'stdio', cwd: null, env: {}, ...workbenchStdio() });
  await app.until(id, 'connected');
  const { url, token } = app.runtime.otlp;
  const watch = (traceId: string): Promise<TraceWatch> =>
    app.page.traces.watch({ traceId: traceId as TraceId, cursor: null, waitMs: 0 });
  const summary = async (traceId: string): Promise<TraceSummary | null> => (await watch(traceId)).summary;
  return {
    app,
    session: () => openRawSession(app, '/servers/local/mcp'),
    sdk: (options) => stockSdk({ url, token, ...options }),
    post: (body, headers = {}) =>
      fetch(url, { method: 'POST', body, headers: { Authorization: `Bearer ${token}`, ...headers } }),
    summary,
    async spansOf(traceId, count) {
      await eventually(`trace ${traceId} has ${count} spans`, async () => {
        const found = await summary(traceId);
        return found !== null && found.spanCount >= count && found.openSpanCount === 0;
      });
      return readOtlp(await (await app.rest(`/api/traces/${traceId}`)).json());
    },
    openSpans: (traceId) =>
      eventually(`trace ${traceId} has open spans`, async () => {
        const open = (await watch(traceId)).spans.filter(({ endTime }) => endTime === null);
        return open.length > 0 && open;
      }),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}
