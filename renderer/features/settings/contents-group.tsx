import type { ReactElement } from 'react';
import type { CapturePolicy, CapturedSpans } from '../../../src/shared/domain/settings.ts';
import { CAPTURE_OPTIONS, captureChoice, EXAMPLE_NAMES, namesText, readNames } from '../../model/captured-spans.ts';
import { SettingGroup, SettingRow } from '../../ui/setting-row.tsx';
import { SpanChoice } from '../../ui/span-choice.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { GroupProps } from './settings-room.tsx';

const DIRECTIONS = [
  ['requests', 'Requests'],
  ['responses', 'Responses'],
] as const;

/** What is kept of a call beside its spans. */
export function ContentsGroup({ feed, canManage, saving }: GroupProps): ReactElement {
  const { settings, fixed } = feed;
  const { capture } = settings;
  const set = (direction: keyof CapturePolicy, captured: CapturedSpans): void => {
    saving.save({ capture: { ...capture, [direction]: captured } });
  };
  return (
    <SettingGroup title="Contents">
      <SettingRow
        label="Keep what was sent and answered"
        hint="For looking at here, after redaction. Spans are named as by step, such as tool.invoke."
        fixed={fixed.capture ?? null}
        complaint={saving.complaintOf('capture')}
      >
        <div className="mt-2 space-y-1.5">
          {DIRECTIONS.map(([direction, label]) => (
            <SpanChoice
              key={direction}
              label={label}
              options={CAPTURE_OPTIONS}
              value={captureChoice(capture[direction])}
              named="chosen"
              names={namesText(capture[direction])}
              placeholder={EXAMPLE_NAMES}
              disabled={!canManage || fixed.capture !== undefined}
              onChange={(choice, names) => {
                set(direction, choice === 'chosen' ? readNames(names) : choice);
              }}
            />
          ))}
        </div>
      </SettingRow>
      <SettingRow
        label="Record who calls"
        hint="The client’s address and port, on the span of each HTTP request."
        fixed={fixed.capturesIdentity ?? null}
        complaint={saving.complaintOf('capturesIdentity')}
        control={
          <Switch
            label="Record who calls"
            on={settings.capturesIdentity}
            disabled={!canManage || fixed.capturesIdentity !== undefined}
            onChange={(capturesIdentity) => {
              saving.save({ capturesIdentity });
            }}
          />
        }
      />
    </SettingGroup>
  );
}
