import { useState } from 'react';
import type { TracingSettings } from '../../../src/shared/domain/settings.ts';
import { describeFailure } from '../../bridge/failure.ts';
import type { SettingsStore } from './store.settings.ts';

export interface Saving {
  /** Saves at once. */
  save(changed: Partial<TracingSettings>): void;
  /** Why the last change of a setting did not come about. */
  complaintOf(key: keyof TracingSettings): string | null;
}

/** Saving setting by setting, with each failure where it belongs. */
export function useSaving(settings: SettingsStore): Saving {
  const [complaints, setComplaints] = useState<Readonly<Partial<Record<keyof TracingSettings, string>>>>({});
  return {
    save(changed) {
      const keys = Object.keys(changed) as (keyof TracingSettings)[];
      const say = (message: string | undefined): void => {
        setComplaints((before) => ({ ...before, ...Object.fromEntries(keys.map((key) => [key, message])) }));
      };
      settings.change(changed).then(
        () => {
          say(undefined);
        },
        (thrown: unknown) => {
          say(describeFailure(thrown).message);
        },
      );
    },
    complaintOf: (key) => complaints[key] ?? null,
  };
}
