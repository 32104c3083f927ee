import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { RedactionControl, Redactor } from '../redaction/port.ts';
import { createRedactor } from '../redaction/redactor.ts';
import type { TraceStore } from '../store/port.ts';
import { createTraceStore } from '../store/worker-store.ts';
import { createRecorder, type Recorder } from '../telemetry/recorder.ts';
import type { RuntimeAssets } from './assets.ts';
import type { ThroughlineConfig } from './config/config.ts';
import { createKnownSecrets, type KnownSecrets } from './known-secrets.ts';
import { readYourWrites } from './read-your-writes.ts';
import type { StopStack } from './stop-stack.ts';

/** The way of spans and bodies from where they are made to where they are kept, with redaction in the middle. */
export interface Recording {
  readonly secrets: KnownSecrets;
  readonly redactor: Redactor & RedactionControl;
  readonly recorder: Recorder;
  readonly store: TraceStore;
}

export interface RecordingOptions {
  readonly config: ThroughlineConfig;
  readonly token: string;
  readonly dataDir: string | null;
  readonly assets: Pick<RuntimeAssets, 'storeWorker'>;
}

const FLUSH_INTERVAL_MILLIS = 50;
const MAX_PENDING_SPANS = 20_000;
const MAX_PENDING_PAYLOAD = 64 * 1024 * 1024;
const HASH_KEY_BYTES = 32;

/** Rejects with a UserError when the history file cannot be used. */
export async function startRecording(options: RecordingOptions, stops: StopStack): Promise<Recording> {
  const { config, token, dataDir, assets } = options;
  // First, so that the worker starts up while this thread does the rest.
  const opening = createTraceStore({
    workerUrl: assets.storeWorker,
    file: dataDir === null ? null : join(dataDir, 'traces.db'),
    budgetBytes: config.gateway.storeBudgetMb * 1024 * 1024,
  });
  const secrets = createKnownSecrets([token]);
  for (const server of config.servers.values()) if ('resolved' in server) secrets.addFrom(server.resolved);
  const redactor = createRedactor({
    hashKey: randomBytes(HASH_KEY_BYTES),
    knownSecrets: secrets.values,
    policy: config.redaction.resolved,
  });
  const store = await opening;
  stops.add(() => store.close());
  const recorder = createRecorder({
    redactor,
    sink: (batch) => {
      store.put(batch);
    },
    flushIntervalMillis: FLUSH_INTERVAL_MILLIS,
    maxPendingSpans: MAX_PENDING_SPANS,
    maxPendingPayload: MAX_PENDING_PAYLOAD,
  });
  return { secrets, redactor, recorder, store: readYourWrites(store, () => recorder.forceFlush()) };
}
