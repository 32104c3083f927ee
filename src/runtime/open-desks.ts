import type { AppHome } from './app-home.ts';
import type { ThroughlineConfig } from './config/config.ts';
import type { Environment, ReferenceSources } from './config/references.ts';
import { openForwardingDesk, type RunningForwardingDesk } from './forwarding/forwarding-desk.ts';
import { readStandardVariables } from './forwarding/standard-variables.ts';
import type { Logger, ReportFailure } from './log.ts';
import type { Recording } from './recording.ts';
import { openRedactionDesk, type RunningRedactionDesk } from './redaction/redaction-desk.ts';
import { createMemoryVault } from './secrets/memory-vault.ts';
import { createRunShelf } from './server-shelf.ts';
import type { HistoryPlace } from './settings/history-place.ts';
import { openSettingsDesk, type RunningSettingsDesk } from './settings/settings-desk.ts';
import type { StopStack } from './stop-stack.ts';

type Home = Pick<AppHome, 'shelf' | 'vault'>;

/** What can be changed while the gateway runs, and where it is kept. */
export interface Desks extends Home {
  readonly redaction: RunningRedactionDesk;
  readonly settings: RunningSettingsDesk;
  readonly forwarding: RunningForwardingDesk;
  /** Where references of the configuration lead. */
  readonly sources: ReferenceSources;
}

interface DeskParts {
  readonly config: ThroughlineConfig;
  /** Null for a gateway without a folder of its own. */
  readonly home: Home | null;
  readonly environment: Environment;
  readonly history: HistoryPlace;
  readonly recording: Recording;
  readonly log: Logger;
  readonly report: ReportFailure;
  readonly stops: StopStack;
}

export async function openDesks({
  config,
  environment,
  history,
  recording,
  log,
  report,
  stops,
  ...parts
}: DeskParts): Promise<Desks> {
  const { shelf, vault } = parts.home ?? createRunHome();
  const { store, redactor: control, refusal } = recording;
  const sources = { environment, secrets: vault };
  const redaction = await openRedactionDesk({ control, store, shelf, configured: config.redaction, sources, report });
  stops.add(() => redaction.stop());
  const fixed = history.fixed ?? (refusal === null ? null : `Traces are in memory in this run. ${refusal}`);
  const settings = openSettingsDesk({
    initial: { ...config.tracing, keepsHistory: history.isOn && refusal === null },
    fixed: fixed === null ? {} : { keepsHistory: fixed },
    historyFile: history.file,
    shelf,
    store: {
      retain: (limits) => store.retain(limits),
      async moveTo(file) {
        await store.moveTo(file);
        await redaction.joined();
      },
    },
  });
  stops.add(() => {
    settings.stop();
  });
  const forwarding = await openForwardingDesk({
    store,
    redactor: control,
    shelf,
    configured: config.endpoints,
    standard: readStandardVariables(environment),
    sources,
    imported: recording.imported,
    onHeaders: recording.secrets.addHeaders,
    log,
    report,
  });
  // Once the gateway has ended, and before the store does: the last spans are sent too.
  stops.add(() => forwarding.stop());
  return { shelf, vault, sources, redaction, settings, forwarding };
}

/** For a gateway without a folder of its own. */
function createRunHome(): Home {
  const vault = createMemoryVault();
  return { vault, shelf: createRunShelf(vault) };
}
