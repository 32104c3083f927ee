import { useEffect, useState } from 'react';
import type { PayloadDirection, RedactedPayload } from '../../../src/shared/domain/redacted.ts';
import type { SpanId, TraceId } from '../../../src/shared/domain/ids.ts';
import type { Api } from '../../bridge/bridge.ts';
import { describeFailure } from '../../bridge/failure.ts';

export type PayloadState =
  | { readonly phase: 'loading' }
  | { readonly phase: 'ready'; readonly payload: RedactedPayload }
  | { readonly phase: 'gone' }
  | { readonly phase: 'failed'; readonly message: string };

const LOADING: PayloadState = { phase: 'loading' };

/** Fetches one captured body, when it is looked at. The caller gives the component a key for each body. */
export function usePayload(api: Api, traceId: TraceId, spanId: SpanId, direction: PayloadDirection): PayloadState {
  const [state, setState] = useState<PayloadState>(LOADING);
  useEffect(() => {
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
  }, [api, traceId, spanId, direction]);
  return state;
}
