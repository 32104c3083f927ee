import { onTestFinished } from 'vitest';
import type { RedactionControl, Redactor } from '../../../src/redaction/port.ts';
import { createRedactor } from '../../../src/redaction/redactor.ts';
import type { ConfiguredEndpoint } from '../../../src/runtime/config/config.ts';
import { FORWARD_LIMITS, type ForwardLimits } from '../../../src/runtime/forwarding/endpoint-runner.ts';
import { openForwardingDesk, type RunningForwardingDesk } from '../../../src/runtime/forwarding/forwarding-desk.ts';
import { createImportedTraces, type ImportedTraces } from '../../../src/runtime/forwarding/imported-traces.ts';
import { readStandardVariables } from '../../../src/runtime/forwarding/standard-variables.ts';
import { createKnownSecrets } from '../../../src/runtime/known-secrets.ts';
import { createMemoryVault } from '../../../src/runtime/secrets/memory-vault.ts';
import type { SecretVault } from '../../../src/runtime/secrets/secret-vault.ts';
import { createRunShelf } from '../../../src/runtime/server-shelf.ts';
import type { EditedEndpoint } from '../../../src/runtime/services.ts';
import type { ForwardStatus } from '../../../src/shared/contract/messages.ts';
import { ENDPOINT_DEFAULTS, type ForwardEndpoint } from '../../../src/shared/domain/forwarding.ts';
import { millisToUnixNano, unixNano } from '../../../src/shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import type { TraceStore } from '../../../src/store/port.ts';
import { eventually } from '../../support/eventually.ts';
import { makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';

export const OWN_ORIGIN = 'http://127.0.0.1:4820';

export function endpointAt(url: string, more: Partial<ForwardEndpoint> = {}): ForwardEndpoint {
  return { ...ENDPOINT_DEFAULTS, url, ...more };
}

/** As a page sends it. */
export function edited(url: string, more: Partial<EditedEndpoint> = {}): EditedEndpoint {
  return { ...ENDPOINT_DEFAULTS, url, ...more };
}

export interface DeskStage {
  readonly desk: RunningForwardingDesk;
  readonly store: TraceStore;
  readonly redactor: Redactor & RedactionControl;
  readonly vault: SecretVault;
  readonly imported: ImportedTraces;
  /** What the log was told. */
  readonly warnings: readonly string[];
  readonly defects: readonly unknown[];
  /** Stores spans as the gateway does. */
  record(spans: readonly RedactedSpan[], payloads?: readonly RedactedPayload[]): Promise<void>;
  status(name: string): Promise<ForwardStatus>;
  until(what: string, name: string, matches: (status: ForwardStatus) => boolean): Promise<ForwardStatus>;
}

export interface StageOptions {
  readonly endpoints?: Readonly<Record<string, ForwardEndpoint>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly limits?: Partial<ForwardLimits>;
  readonly store?: TraceStore;
  /** In place of the real one's. */
  readonly control?: Partial<RedactionControl>;
  readonly ownOrigin?: string;
}

/** The desk over a real store and a real redactor, with short pauses. */
export async function openDesk(options: StageOptions = {}): Promise<DeskStage> {
  const { environment = {}, ownOrigin = OWN_ORIGIN } = options;
  const store = options.store ?? (await openStore());
  const secrets = createKnownSecrets([]);
  const redactor = {
    ...createRedactor({ hashKey: new Uint8Array(32), knownSecrets: secrets.values }),
    ...options.control,
  };
  const vault = createMemoryVault();
  const imported = createImportedTraces();
  const warnings: string[] = [];
  const defects: unknown[] = [];
  const desk = await openForwardingDesk({
    store,
    redactor,
    shelf: createRunShelf(vault),
    configured: new Map(
      Object.entries(options.endpoints ?? {}).map(([name, endpoint]): [string, ConfiguredEndpoint] => [
        name,
        { written: endpoint, resolved: endpoint },
      ]),
    ),
    standard: readStandardVariables(environment),
    sources: { environment, secrets: vault },
    imported,
    onHeaders: secrets.addHeaders,
    log: { warn: (text) => warnings.push(text) },
    report: (_doing, thrown) => defects.push(thrown),
    limits: { ...FORWARD_LIMITS, backOff: { firstMs: 10, maxMs: 20 }, ...options.limits },
  });
  await desk.start(ownOrigin);
  onTestFinished(async () => {
    desk.announceStop(0);
    await desk.stop();
  });

  async function status(name: string): Promise<ForwardStatus> {
    const { endpoints } = await desk.watch(null, 0);
    const found = endpoints.find((endpoint) => endpoint.name === name);
    if (found === undefined) throw new Error(`There is no endpoint ${name}.`);
    return found;
  }

  return {
    desk,
    store,
    redactor,
    vault,
    imported,
    warnings,
    defects,
    async record(spans, payloads = []) {
      store.put({ spans, payloads });
      await store.flush();
    },
    status,
    until: (what, name, matches) =>
      eventually(what, async () => {
        const now = await status(name);
        return matches(now) ? now : null;
      }),
  };
}

/** A span that begins now, in a trace of its own unless told otherwise. */
export function spanNow(number: number, overrides: Parameters<typeof makeSpan>[0] = {}): RedactedSpan {
  const startTime = millisToUnixNano(Date.now() + 1_000);
  return makeSpan({
    traceId: traceIdOf(number),
    spanId: spanIdOf(number),
    name: `span ${number}`,
    startTime,
    endTime: unixNano(startTime + 5_000_000n),
    ...overrides,
  });
}
