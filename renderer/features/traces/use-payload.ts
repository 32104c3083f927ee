import { useEffect, useState } from 'react';
import type { RedactedPayload } from '../../../src/shared/domain/redacted.ts';
import type { PayloadInfo } from '../../../src/shared/domain/trace.ts';
import type { TraceId } from '../../../src/shared/domain/ids.ts';
import type { Api } from '../../bridge/bridge.ts';
import { describeFailure } from '../../bridge/failure.ts';

export type PayloadState =
  | { readonly phase: 'loading' }
  | { readonly phase: 'ready'; readonly payload: RedactedPayload }
  | { readonly phase: 'gone' }
  | { readonly phase: 'failed'; readonly message: string };

const LOADING: PayloadState = { phase: 'loading' };

/**
 * Fetches one captured body when it is looked at, and again when its host has told of it anew, as it does when more has
 * been hidden in it. The caller gives the component a key for each body.
 */
export function usePayload(api: Api, traceId: TraceId, info: PayloadInfo): PayloadState {
  const [state, setState] = useState<PayloadState>(LOADING);
  useEffect(() => {
    const { spanId, direction } = info;
    const leaving = new AbortController();
    api.traces.payload({ traceId, spanId, direction }, { signal: leaving.signal }).then(
      (payload) => {
        if (!leaving.signal.aborted) setState(payload === null ? { phase: 'gone' } : { phase: 'ready', payload });
      },
      (thrown: unknown) => {
        if (!leaving.signal.aborted) setState({ phase: 'failed', message: describeFailure(thrown).message });
      },
    );
    return () => {
      leaving.abort();
    };
  }, [api, traceId, info]);
  return state;
}
