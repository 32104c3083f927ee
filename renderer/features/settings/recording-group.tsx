import type { ReactElement } from 'react';
import { RadioCards } from '../../ui/radio-cards.tsx';
import { SettingGroup, SettingRow } from '../../ui/setting-row.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { GroupProps } from './settings-room.tsx';

const NAMINGS = [
  { value: 'seed', label: 'By step', lines: ['tool.invoke', 'mcp.client.call'] },
  {
    value: 'semconv',
    label: 'By OpenTelemetry’s conventions',
    lines: ['tools/call read_file', 'tools/call read_file'],
  },
] as const;

/** The kinds under which the two lines of an example stand. */
const KINDS = {
  seed: ['internal', 'client'],
  semconv: ['server', 'client'],
} as const;

/** Whether calls are recorded, and what their spans are called. */
export function RecordingGroup({ feed, canManage, saving }: GroupProps): ReactElement {
  const { settings, fixed } = feed;
  return (
    <SettingGroup title="Recording">
      <SettingRow
        label="Record calls"
        hint="Off: calls pass as before, and nothing of them is recorded."
        fixed={fixed.isRecording ?? null}
        complaint={saving.complaintOf('isRecording')}
        control={
          <Switch
            label="Record calls"
            on={settings.isRecording}
            disabled={!canManage || fixed.isRecording !== undefined}
            onChange={(isRecording) => {
              saving.save({ isRecording });
            }}
          />
        }
      />
      <SettingRow
        label="Names of spans"
        hint="For spans from now on. The attributes are the same either way."
        fixed={fixed.spanNaming ?? null}
        complaint={saving.complaintOf('spanNaming')}
      >
        <div className="mt-2">
          <RadioCards
            label="Names of spans"
            value={settings.spanNaming}
            disabled={!canManage || fixed.spanNaming !== undefined}
            cards={NAMINGS.map(({ value, label, lines }) => ({
              value,
              label,
              side: value,
              note: lines.map((line, index) => (
                <span key={index} className="flex items-baseline gap-2">
                  <code className="truncate font-mono text-ink">{line}</code>
                  <span className="text-2xs text-ink-3">{KINDS[value][index]}</span>
                </span>
              )),
            }))}
            onChange={(spanNaming) => {
              saving.save({ spanNaming });
            }}
          />
        </div>
      </SettingRow>
    </SettingGroup>
  );
}
