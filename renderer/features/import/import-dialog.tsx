import { CircleCheck, CircleX, FileInput, Hourglass, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useRef } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { formatBytes } from '../../model/format.ts';
import { KNOWN_FORMATS, reportWords } from '../../model/import-words.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Visible } from '../../ui/visible.tsx';
import type { ImportedFile, ImportOutcome, ImportStore } from './store.import.ts';

export interface ImportDialogProps {
  readonly imports: ImportStore;
  readonly canManage: boolean;
}

/** Chooses files with traces, and says of each what became of it. */
export function ImportDialog({ imports, canManage }: ImportDialogProps): ReactElement {
  const isOpen = useStore(imports.store, (state) => state.isOpen);
  const files = useStore(imports.store, (state) => state.files);
  const done = files.filter(({ outcome }) => outcome.phase === 'read' || outcome.phase === 'failed').length;
  return (
    <Dialog
      open={isOpen}
      onClose={imports.close}
      title="Open files with traces"
      description="They go through redaction like everything else, and stand in the list with the rest."
    >
      {canManage ? null : (
        <Notice kind="info">
          This page may look but not open files. Start with <code className="font-mono">npm start</code> or{' '}
          <code className="font-mono">throughline serve --manage</code> to open them here.
        </Notice>
      )}
      {files.length === 0 ? null : (
        <>
          <p role="status" className="mb-1.5 text-xs text-ink-2">
            {done < files.length ? `Reading: ${String(done)} of ${String(files.length)} done` : outcomeWords(files)}
          </p>
          <ul aria-label="Files" className="divide-y divide-line rounded-md border border-line">
            {files.map((file) => (
              <FileRow key={file.number} file={file} />
            ))}
          </ul>
        </>
      )}
      {canManage ? <Chooser imports={imports} isFirst={files.length === 0} isDone={done === files.length} /> : null}
    </Dialog>
  );
}

function outcomeWords(files: readonly ImportedFile[]): string {
  const failed = files.filter(({ outcome }) => outcome.phase === 'failed').length;
  if (failed === 0) return 'Done. The newest trace of it is open.';
  return failed === files.length
    ? 'Nothing could be read.'
    : `Done, but ${String(failed)} of ${String(files.length)} could not be read.`;
}

interface ChooserProps {
  readonly imports: ImportStore;
  readonly isFirst: boolean;
  readonly isDone: boolean;
}

function Chooser({ imports, isFirst, isDone }: ChooserProps): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const choose = (
    <Button
      look={isFirst ? 'solid' : 'outline'}
      onClick={() => {
        input.current?.click();
      }}
    >
      <FileInput size={14} aria-hidden />
      {isFirst ? 'Choose files…' : 'Choose more…'}
    </Button>
  );
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        tabIndex={-1}
        aria-label="Files with traces"
        onChange={(event) => {
          imports.add([...(event.target.files ?? [])]);
          // The same file may be chosen again.
          event.target.value = '';
        }}
        className="sr-only"
      />
      {isFirst ? (
        <div className="flex flex-col items-center gap-3 rounded-lg border border-dashed border-line-strong px-4 py-7 text-center">
          {choose}
          <p className="max-w-[380px] text-xs text-ink-2">
            Or drop them anywhere on this window. {KNOWN_FORMATS}, up to 32 MiB each.
          </p>
        </div>
      ) : (
        <div className="mt-4 flex justify-end gap-2">
          {choose}
          <Button look="solid" disabled={!isDone} onClick={imports.close}>
            Close
          </Button>
        </div>
      )}
    </>
  );
}

function FileRow({ file: { name, size, outcome } }: { readonly file: ImportedFile }): ReactElement {
  return (
    <li className="flex items-start gap-2 px-3 py-2 text-xs">
      <Mark outcome={outcome} />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <p className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 text-sm font-medium">
            <Visible text={name} />
          </span>
          <span className="shrink-0 text-ink-3">{formatBytes(size)}</span>
        </p>
        <Words outcome={outcome} />
      </div>
    </li>
  );
}

function Mark({ outcome }: { readonly outcome: ImportOutcome }): ReactElement {
  const shape = 'mt-[2px] shrink-0';
  switch (outcome.phase) {
    case 'waiting':
      return <Hourglass size={14} className={`${shape} text-ink-3`} aria-label="Waiting" />;
    case 'reading':
      return <LoaderCircle size={14} className={`${shape} animate-spin text-accent`} aria-label="Reading" />;
    case 'failed':
      return <CircleX size={14} className={`${shape} text-error`} aria-label="Not read" />;
    case 'read':
      return outcome.report.problems.length > 0 ? (
        <TriangleAlert size={14} className={`${shape} text-warn`} aria-label="Read with problems" />
      ) : (
        <CircleCheck size={14} className={`${shape} text-ok`} aria-label="Read" />
      );
  }
}

function Words({ outcome }: { readonly outcome: ImportOutcome }): ReactElement {
  if (outcome.phase === 'failed') {
    return (
      <p role="alert" className="text-error">
        <Visible text={outcome.message} />
      </p>
    );
  }
  if (outcome.phase !== 'read')
    return <p className="text-ink-3">{outcome.phase === 'reading' ? 'Reading…' : 'Waiting'}</p>;
  const { problems } = outcome.report;
  return (
    <>
      <p className="text-ink-2">{reportWords(outcome.report).join(' · ')}</p>
      {problems.length === 0 ? null : (
        <ul aria-label="Problems" className="mt-0.5 list-disc pl-4 text-ink-2">
          {problems.map((problem, index) => (
            <li key={index}>
              <Visible text={problem} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
