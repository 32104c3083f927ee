import { CircleCheck, Download } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement, ReactNode, SyntheticEvent } from 'react';
import type { TraceId } from '../../../src/shared/domain/ids.ts';
import type { Api } from '../../bridge/bridge.ts';
import { describeFailure } from '../../bridge/failure.ts';
import {
  exportedWords,
  FORMAT_OPTIONS,
  leadsToRedaction,
  leavesWords,
  selectionOf,
  takesBodies,
} from '../../model/export-choice.ts';
import type { ExportFormat, ExportScope } from '../../model/export-choice.ts';
import { plural } from '../../model/format.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RadioCards } from '../../ui/radio-cards.tsx';
import { Visible } from '../../ui/visible.tsx';
import { saveFile } from './save-file.ts';

/** What there is to be exported, as the window shows it. */
export interface Exportable {
  /** The trace that is open, and what it is called. */
  readonly trace: { readonly id: TraceId; readonly title: string } | null;
  /** As it stands in the filter box; empty without a filter. */
  readonly filter: string;
  /** What the list is asked for with it. */
  readonly query: string;
  /** How many the filter lets through, and how many are kept; null before that is known. */
  readonly matching: number;
  readonly kept: number | null;
}

export interface ExportFormProps {
  readonly api: Api;
  readonly exportable: Exportable;
  readonly onRedaction: () => void;
  /** Beside the button that saves. */
  readonly end?: ReactNode;
}

type Outcome = { readonly kind: 'saved' | 'failed'; readonly words: string } | null;

/** Which traces, as what, and what leaves with them. */
export function ExportForm({ api, exportable, onRedaction, end }: ExportFormProps): ReactElement {
  const { trace, query, filter } = exportable;
  const [scope, setScope] = useState<ExportScope>(trace !== null ? 'trace' : filter !== '' ? 'filter' : 'all');
  const [format, setFormat] = useState<ExportFormat>('otlp-json');
  const [wantsBodies, setWantsBodies] = useState(false);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>(null);
  const withBodies = takesBodies(format, wantsBodies);
  const selection = selectionOf({ scope, traceId: trace?.id ?? null, query });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (selection === null || busy) return;
    setBusy(true);
    setOutcome(null);
    api.traces
      .export({ selection, format, withPayloads: withBodies })
      .then(
        (file) => {
          saveFile(file);
          setOutcome({ kind: 'saved', words: exportedWords(file) });
        },
        (thrown: unknown) => {
          setOutcome({ kind: 'failed', words: describeFailure(thrown).message });
        },
      )
      .finally(() => {
        setBusy(false);
      });
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <RadioCards
        label="Which traces"
        showLabel
        value={scope}
        columns={1}
        onChange={setScope}
        cards={scopes(exportable)}
      />
      <RadioCards label="Format" showLabel value={format} onChange={setFormat} cards={FORMAT_OPTIONS} />
      <div>
        <label className="flex items-start gap-2 text-sm">
          <input
            type="checkbox"
            checked={withBodies}
            disabled={format === 'session'}
            onChange={(event) => {
              setWantsBodies(event.target.checked);
            }}
            className="mt-[3px] accent-accent"
          />
          With what was sent and answered
        </label>
        <p className="mt-1 text-xs text-ink-2">{leavesWords(withBodies)}</p>
      </div>
      <OutcomeWords outcome={outcome} onRedaction={onRedaction} />
      <div className="flex flex-wrap items-center justify-end gap-2">
        {end}
        <Button look="solid" type="submit" disabled={busy || selection === null}>
          <Download size={14} aria-hidden />
          {busy ? 'Making the file…' : 'Save the file'}
        </Button>
      </div>
    </form>
  );
}

function scopes({ trace, filter, matching, kept }: Exportable) {
  return [
    {
      value: 'trace' as const,
      label: 'The open trace',
      note: trace === null ? 'None is open.' : <Visible text={trace.title} />,
      disabled: trace === null,
    },
    {
      value: 'filter' as const,
      label: 'All that the filter shows',
      note:
        filter === '' ? (
          'No filter is set.'
        ) : (
          <>
            <code className="font-mono">
              <Visible text={filter} />
            </code>{' '}
            · {plural(matching, 'trace')}
          </>
        ),
      disabled: filter === '',
    },
    {
      value: 'all' as const,
      label: 'Everything that is kept',
      note: kept === null ? undefined : plural(kept, 'trace'),
    },
  ];
}

function OutcomeWords({ outcome, onRedaction }: { outcome: Outcome; onRedaction: () => void }): ReactElement | null {
  if (outcome === null) return null;
  if (outcome.kind === 'saved') {
    return (
      <p role="status" className="flex items-start gap-1.5 text-xs">
        <CircleCheck size={14} className="mt-px shrink-0 text-ok" aria-hidden />
        <span className="min-w-0 [overflow-wrap:anywhere]">Saved as {outcome.words}</span>
      </p>
    );
  }
  return (
    <Notice kind="error">
      <Visible text={outcome.words} />
      {leadsToRedaction(outcome.words) ? (
        <Button size="small" className="mt-2 flex" onClick={onRedaction}>
          Go to the page about redaction
        </Button>
      ) : null}
    </Notice>
  );
}
