import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ImportReport } from '../../../src/shared/contract/messages.ts';
import { MAX_FILE_BYTES } from '../../../src/shared/contract/schemas.ts';
import type { TraceId } from '../../../src/shared/domain/ids.ts';
import type { Api } from '../../bridge/bridge.ts';
import { describeFailure } from '../../bridge/failure.ts';
import { tooLargeSentence } from '../../model/import-words.ts';

/** The part of a `File` that is needed. */
export type ImportSource = Pick<File, 'name' | 'size' | 'arrayBuffer'>;

export type ImportOutcome =
  | { readonly phase: 'waiting' | 'reading' }
  | { readonly phase: 'read'; readonly report: ImportReport }
  | { readonly phase: 'failed'; readonly message: string };

export interface ImportedFile {
  readonly number: number;
  readonly name: string;
  readonly size: number;
  readonly outcome: ImportOutcome;
}

/** Lives as long as the window. */
export interface ImportState {
  /** In the order in which they came. */
  readonly files: readonly ImportedFile[];
  readonly isOpen: boolean;
}

export interface ImportStore {
  readonly store: StoreApi<ImportState>;
  /** Opens the dialog, without what was read before. */
  open(): void;
  close(): void;
  /** Reads files one after the other, and shows how that goes. */
  add(sources: readonly ImportSource[]): void;
}

const MAX_NAME_LENGTH = 255;

export interface ImportStoreParts {
  readonly api: Pick<Api, 'traces'>;
  readonly toBase64: (bytes: Uint8Array) => string;
  /** Called once all that were waiting are read, with the newest trace of each. */
  readonly onRead: (newest: readonly [TraceId, ...TraceId[]]) => void;
}

export function createImportStore({ api, toBase64, onRead }: ImportStoreParts): ImportStore {
  const store = createStore<ImportState>(() => ({ files: [], isOpen: false }));
  const waiting: { readonly number: number; readonly source: ImportSource }[] = [];
  let last = 0;
  let isReading = false;

  const set = (number: number, outcome: ImportOutcome): void => {
    store.setState(({ files }) => ({
      files: files.map((file) => (file.number === number ? { ...file, outcome } : file)),
    }));
  };

  async function read(source: ImportSource): Promise<ImportOutcome> {
    if (source.size > MAX_FILE_BYTES) return { phase: 'failed', message: tooLargeSentence(source.name, source.size) };
    let base64: string;
    try {
      base64 = toBase64(new Uint8Array(await source.arrayBuffer()));
    } catch {
      // What the browser says of it is not for readers: a folder was dropped, or the file went away meanwhile.
      return { phase: 'failed', message: `“${source.name}” cannot be read. Choose a file, not a folder.` };
    }
    try {
      const report = await api.traces.import({ fileName: source.name.slice(0, MAX_NAME_LENGTH), base64 });
      return { phase: 'read', report };
    } catch (thrown) {
      return { phase: 'failed', message: describeFailure(thrown).message };
    }
  }

  async function readAll(): Promise<void> {
    isReading = true;
    const newest: TraceId[] = [];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      set(next.number, { phase: 'reading' });
      const outcome = await read(next.source);
      set(next.number, outcome);
      if (outcome.phase === 'read' && outcome.report.newestTraceId !== null) newest.push(outcome.report.newestTraceId);
    }
    isReading = false;
    const [first, ...others] = newest;
    if (first !== undefined) onRead([first, ...others]);
  }

  return {
    store,
    open() {
      store.setState(({ files }) => ({ isOpen: true, files: isReading ? files : [] }));
    },
    close() {
      store.setState({ isOpen: false });
    },
    add(sources) {
      const added = sources.map((source): ImportedFile => {
        last += 1;
        waiting.push({ number: last, source });
        return { number: last, name: source.name, size: source.size, outcome: { phase: 'waiting' } };
      });
      store.setState(({ files, isOpen }) => ({
        isOpen: true,
        files: [...(isOpen || isReading ? files : []), ...added],
      }));
      if (!isReading) void readAll();
    },
  };
}
