import { ROOT_CONTEXT } from '@opentelemetry/api';
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base';
import type { ForwardSampling } from '../../shared/domain/forwarding.ts';
import type { TraceId } from '../../shared/domain/ids.ts';
import type { RedactedSpan } from '../../shared/domain/redacted.ts';

/** Whether a trace leaves. `callerSampled`: what its caller said; null when there was no caller, or it said nothing. */
export type Sampler = (traceId: TraceId, callerSampled: boolean | null) => boolean;

/** On a request's root: `false` when its caller says that it does not keep the trace (W3C Trace Context, trace-flags). */
const CALLER_SAMPLED = 'throughline.caller.sampled';

/** The instrumentation scope of the gateway's own spans. */
const OWN_SCOPE = 'throughline';

/** What the callers of a trace said; null when it had none. One that keeps the trace is enough. */
export function callerSampled(spans: readonly RedactedSpan[]): boolean | null {
  const said = spans.map(saidWith).filter((flag) => flag !== null);
  return said.length === 0 ? null : said.includes(true);
}

function saidWith({ attributes, parentIsRemote, origin }: RedactedSpan): boolean | null {
  const flag = attributes[CALLER_SAMPLED];
  if (typeof flag === 'boolean') return flag;
  // A caller that keeps its trace is not worth an attribute on every root.
  return parentIsRemote && origin.scopeName === OWN_SCOPE ? true : null;
}

const everything: Sampler = () => true;
const followingTheCaller: Sampler = (_traceId, sampled) => sampled ?? true;

export function samplerOf(sampling: ForwardSampling): Sampler {
  return sampling === 'all' ? everything : followingTheCaller;
}

/** By the trace id alone, as every SDK decides it, so that all of a trace's services come to the same answer. */
function byRatio(ratio: number): Sampler {
  const sampler = new TraceIdRatioBasedSampler(ratio);
  return (traceId) => sampler.shouldSample(ROOT_CONTEXT, traceId).decision !== SamplingDecision.NOT_RECORD;
}

export interface ReadSampler {
  readonly sampler: Sampler;
  /** What of the two variables is not followed, for the log; null when all is. */
  readonly notice: string | null;
}

/** `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`. The default is `parentbased_always_on`. */
export function readSampler(name: string | undefined, argument: string | undefined): ReadSampler {
  const written = name?.trim() ?? '';
  const [, parent, kind] = /^(parentbased_)?(always_on|always_off|traceidratio)$/.exec(written) ?? [];
  if (kind === undefined) {
    const notice =
      written === ''
        ? null
        : `OTEL_TRACES_SAMPLER asks for "${written}", which there is not here: parentbased_always_on is used.`;
    return { sampler: followingTheCaller, notice };
  }
  const { sampler, notice } = rootSampler(kind, argument);
  if (parent === undefined) return { sampler, notice };
  return { sampler: (traceId, sampled) => sampled ?? sampler(traceId, null), notice };
}

function rootSampler(kind: string, argument: string | undefined): ReadSampler {
  if (kind === 'always_on') return { sampler: everything, notice: null };
  if (kind === 'always_off') return { sampler: () => false, notice: null };
  const text = argument?.trim() ?? '';
  const ratio = text === '' ? 1 : Number(text);
  if (ratio >= 0 && ratio <= 1) return { sampler: byRatio(ratio), notice: null };
  return { sampler: everything, notice: 'OTEL_TRACES_SAMPLER_ARG is no number from 0 to 1: every trace is sent.' };
}
