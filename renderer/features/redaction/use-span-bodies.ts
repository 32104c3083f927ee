import { useEffect, useState } from 'react';
import type { PayloadDirection, RedactedPayload, RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import type { PayloadInfo } from '../../../src/shared/domain/trace.ts';
import type { Api } from '../../bridge/bridge.ts';
import { describeFailure } from '../../bridge/failure.ts';

export interface SpanBodies {
  readonly isLoading: boolean;
  readonly failure: string | null;
  readonly bodies: ReadonlyMap<PayloadDirection, RedactedPayload>;
}

const LOADING: SpanBodies = { isLoading: true, failure: null, bodies: new Map() };

/**
 * The captured bodies of a span, fetched again when there are more of them, when more was hidden in them, and when
 * `generation` changes.
 */
export function useSpanBodies(
  api: Api,
  span: RedactedSpan,
  payloads: readonly PayloadInfo[],
  generation: string,
): SpanBodies {
  const [state, setState] = useState<SpanBodies>(LOADING);
  const { traceId, spanId } = span;
  const wanted = payloads.map((each) => `${each.direction} ${String(each.findingCount)}`).join(',');
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const directions = wanted
      .split(',')
      .filter((each) => each !== '')
      .map((each) => directionOf(each));
    Promise.all(directions.map((direction) => api.traces.payload({ traceId, spanId, direction }, { signal }))).then(
      (answers) => {
        if (signal.aborted) return;
        const bodies = new Map(answers.flatMap((body) => (body === null ? [] : [[body.direction, body] as const])));
        setState({ isLoading: false, failure: null, bodies });
      },
      (thrown: unknown) => {
        if (!signal.aborted) setState({ ...LOADING, isLoading: false, failure: describeFailure(thrown).message });
      },
    );
    return () => {
      leaving.abort();
    };
  }, [api, traceId, spanId, wanted, generation]);
  return state;
}

function directionOf(word: string): PayloadDirection {
  return word.startsWith('request') ? 'request' : 'response';
}
