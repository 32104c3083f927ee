import { join } from 'node:path';
import type { TracingSettings } from '../../shared/domain/settings.ts';
import { UserError } from '../../shared/kernel/user-error.ts';

/** Where traces are kept when this gateway starts, and whether that can be changed while it runs. */
export interface HistoryPlace {
  /** The file in which history is kept while it is on; null when there is no place for one. */
  readonly file: string | null;
  readonly isOn: boolean;
  /** Why it cannot be switched; null when it can. */
  readonly fixed: string | null;
}

export interface HistoryChoice {
  /** What the config file says. */
  readonly settings: Pick<TracingSettings, 'keepsHistory'>;
  readonly dataDir: string | null;
  /** The app's own place for it; null for a gateway without a folder of its own. */
  readonly homeFile: string | null;
}

const FILE_NAME = 'traces.db';

/** The command line decides before the config file. Throws a UserError when the file asks for what there is no place for. */
export function historyPlaceOf({ settings, dataDir, homeFile }: HistoryChoice): HistoryPlace {
  if (dataDir !== null) {
    const file = join(dataDir, FILE_NAME);
    return { file, isOn: true, fixed: `This gateway was started with --data-dir, so traces are kept in ${file}.` };
  }
  if (homeFile !== null) return { file: homeFile, isOn: settings.keepsHistory, fixed: null };
  if (settings.keepsHistory) {
    throw new UserError(
      'gateway.history is on, but there is no folder to keep traces in: start with --data-dir DIR, or take it out of the config file.',
    );
  }
  return {
    file: null,
    isOn: false,
    fixed: 'This gateway has no folder to keep traces in: start it with --data-dir DIR to keep them on disk.',
  };
}
