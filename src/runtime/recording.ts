import { randomBytes } from 'node:crypto';
import type { RedactionControl, Redactor } from '../redaction/port.ts';
import { createRedactor } from '../redaction/redactor.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import type { TraceStore } from '../store/port.ts';
import { createTraceStore } from '../store/worker-store.ts';
import { createRecorder, type Recorder } from '../telemetry/recorder.ts';
import type { RuntimeAssets } from './assets.ts';
import type { ThroughlineConfig } from './config/config.ts';
import { createImportedTraces, type ImportedTraces } from './forwarding/imported-traces.ts';
import { createSpanIngest, type SpanIngest } from './ingest/span-ingest.ts';
import { createTraceImports } from './ingest/trace-imports.ts';
import { createKnownSecrets, type KnownSecrets } from './known-secrets.ts';
import { readYourWrites } from './read-your-writes.ts';
import type { HistoryPlace } from './settings/history-place.ts';
import type { TraceImports } from './services.ts';
import { limitsOf } from './settings/store-limits.ts';
import type { StopStack } from './stop-stack.ts';

/** The way of spans and bodies from where they are made to where they are kept, with redaction in the middle. */
export interface Recording {
  readonly secrets: KnownSecrets;
  readonly redactor: Redactor & RedactionControl;
  readonly recorder: Recorder;
  readonly store: TraceStore;
  /** How spans that others made get in. */
  readonly ingest: SpanIngest;
  readonly imports: TraceImports;
  /** What came from files. */
  readonly imported: ImportedTraces;
  /** Why traces are in memory although they were to be kept on disk; null when they are where they should be. */
  readonly refusal: string | null;
}

export interface RecordingOptions {
  readonly config: ThroughlineConfig;
  /** What this gateway itself is entered with: hidden wherever it appears. */
  readonly tokens: readonly string[];
  readonly history: HistoryPlace;
  readonly assets: Pick<RuntimeAssets, 'storeWorker'>;
}

const FLUSH_INTERVAL_MILLIS = 50;
const MAX_PENDING_SPANS = 20_000;
const MAX_PENDING_PAYLOAD = 64 * 1024 * 1024;
const HASH_KEY_BYTES = 32;

/** Rejects with a UserError when a history file that was asked for on the command line cannot be used. */
export async function startRecording(options: RecordingOptions, stops: StopStack): Promise<Recording> {
  const { config, tokens } = options;
  // First, so that the worker starts up while this thread does the rest.
  const opening = openStore(options);
  const secrets = createKnownSecrets(tokens);
  for (const server of config.servers.values()) if ('resolved' in server) secrets.addFrom(server.resolved);
  const redactor = createRedactor({
    hashKey: randomBytes(HASH_KEY_BYTES),
    knownSecrets: secrets.values,
    policy: config.redaction.resolved,
  });
  const { store, refusal } = await opening;
  stops.add(() => store.close());
  const recorder = recorderInto(store, redactor);
  const ingest = createSpanIngest({ redactor, store, recorder });
  const imported = createImportedTraces();
  const imports = createTraceImports({ ingest, store, imported });
  return {
    secrets,
    redactor,
    recorder,
    ingest,
    imports,
    imported,
    refusal,
    store: readYourWrites(store, () => recorder.forceFlush()),
  };
}

/** With the intervals and bounds of the product: what has ended is on its way to disk within 250 ms (R86). */
export function recorderInto(store: Pick<TraceStore, 'put'>, redactor: Redactor): Recorder {
  return createRecorder({
    redactor,
    sink: (batch) => {
      store.put(batch);
    },
    flushIntervalMillis: FLUSH_INTERVAL_MILLIS,
    maxPendingSpans: MAX_PENDING_SPANS,
    maxPendingPayload: MAX_PENDING_PAYLOAD,
  });
}

/**
 * Where somebody may switch history on and off, a file that cannot be used costs the history of this run and not the
 * gateway, which clients are connected to servers by.
 */
async function openStore({ config, history, assets }: RecordingOptions): Promise<Pick<Recording, 'store' | 'refusal'>> {
  const limits = limitsOf(config.tracing.retention);
  const open = (file: string | null): Promise<TraceStore> =>
    createTraceStore({ workerUrl: assets.storeWorker, file, limits });
  if (!history.isOn) return { store: await open(null), refusal: null };
  try {
    return { store: await open(history.file), refusal: null };
  } catch (thrown) {
    if (history.fixed !== null || !(thrown instanceof UserError)) throw thrown;
    return { store: await open(null), refusal: thrown.message };
  }
}
