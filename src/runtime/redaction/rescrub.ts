import type { RedactionControl } from '../../redaction/port.ts';
import type { RescrubState } from '../../shared/contract/messages.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import type { TraceStore } from '../../store/port.ts';
import type { ReportFailure } from '../log.ts';

export interface Rescrub {
  state(): Omit<RescrubState, 'isAdvised'>;
  /** Throws a UserError when it is under way already. */
  start(): void;
  /** Ends it early and resolves once it has ended. */
  stop(): Promise<void>;
}

export interface RescrubParts {
  readonly control: Pick<RedactionControl, 'spanAgain' | 'payloadAgain'>;
  readonly store: Pick<TraceStore, 'stats' | 'revise'>;
  /** It has come further, or has ended. */
  readonly onProgress: () => void;
  /** Begins before anything is read: what it answers with is called when everything has been gone through. */
  readonly begin: () => () => Promise<void>;
  readonly report: ReportFailure;
}

/** Redacts everything stored once more, with the rules as they are (R28). What was hidden stays hidden. */
export function createRescrub({ control, store, onProgress, begin, report }: RescrubParts): Rescrub {
  const ending = new AbortController();
  let state: Omit<RescrubState, 'isAdvised'> = { isRunning: false, done: 0, total: 0, newlyHidden: null };
  let running: Promise<void> = Promise.resolve();

  function change(next: Partial<typeof state>): void {
    state = { ...state, ...next };
    onProgress();
  }

  async function run(): Promise<void> {
    let newlyHidden = 0;
    const counted = <T extends { readonly findings: readonly unknown[] }>(before: T, after: T): T => {
      newlyHidden += Math.max(0, after.findings.length - before.findings.length);
      return after;
    };
    const finish = begin();
    const { traces: total } = await store.stats();
    change({ total });
    const isWhole = await store.revise({
      span: (span) => counted(span, control.spanAgain(span)),
      payload: (payload) => counted(payload, control.payloadAgain(payload)),
      progress: (traces) => {
        change({ done: Math.min(traces, total) });
      },
      signal: ending.signal,
    });
    if (isWhole) await finish();
    change({ newlyHidden });
  }

  return {
    state: () => state,
    start() {
      if (state.isRunning)
        throw new UserError('Stored traces are being redacted again already; wait until that is done.');
      if (ending.signal.aborted) throw new UserError('Throughline is stopping.');
      change({ isRunning: true, done: 0, total: 0 });
      running = run()
        .catch((thrown: unknown) => {
          report('Redacting stored traces again', thrown);
        })
        .finally(() => {
          change({ isRunning: false });
        });
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}
