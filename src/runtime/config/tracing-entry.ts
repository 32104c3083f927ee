import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_TRACING_SETTINGS, type CapturedSpans, type TracingSettings } from '../../shared/domain/settings.ts';
import { withoutUndefined } from './check.ts';

type Optional<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** What a config file may say of tracing. */
export interface WrittenTracing {
  readonly gateway?:
    | {
        readonly tracing?: boolean | undefined;
        readonly spanNaming?: TracingSettings['spanNaming'] | undefined;
        readonly capture?: Optional<Record<'requests' | 'responses', CapturedSpans>> | undefined;
        readonly captureIdentity?: boolean | undefined;
        readonly history?: boolean | undefined;
        readonly retention?: Optional<Record<'days' | 'traces', number>> | undefined;
        readonly storeBudgetMb?: number | undefined;
      }
    | undefined;
  readonly otlp?: { readonly receiver?: boolean | undefined } | undefined;
}

/** The settings of a config file, with what it leaves out at its default. */
export function tracingOf({ gateway = {}, otlp = {} }: WrittenTracing): TracingSettings {
  const { isRecording, spanNaming, capture, capturesIdentity, receivesSpans, keepsHistory, retention } =
    DEFAULT_TRACING_SETTINGS;
  return {
    isRecording: gateway.tracing ?? isRecording,
    spanNaming: gateway.spanNaming ?? spanNaming,
    capture: { ...capture, ...withoutUndefined(gateway.capture ?? {}) },
    capturesIdentity: gateway.captureIdentity ?? capturesIdentity,
    receivesSpans: otlp.receiver ?? receivesSpans,
    keepsHistory: gateway.history ?? keepsHistory,
    retention: {
      ...retention,
      ...withoutUndefined(gateway.retention ?? {}),
      megabytes: gateway.storeBudgetMb ?? retention.megabytes,
    },
  };
}

/** A setting as a config file writes it. */
export interface TracingEntry {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** What a config file has to say otherwise for `after` to be in force instead of `before`. */
export function changedTracing(before: TracingSettings, after: TracingSettings): readonly TracingEntry[] {
  const old = tracingEntries(before);
  return tracingEntries(after).filter(({ value }, index) => !isDeepStrictEqual(value, old[index]?.value));
}

/** Every setting, as a config file writes it. */
export function tracingEntries(settings: TracingSettings): readonly TracingEntry[] {
  const { capture, retention } = settings;
  return [
    { path: ['gateway', 'tracing'], value: settings.isRecording },
    { path: ['gateway', 'spanNaming'], value: settings.spanNaming },
    { path: ['gateway', 'capture', 'requests'], value: capture.requests },
    { path: ['gateway', 'capture', 'responses'], value: capture.responses },
    { path: ['gateway', 'captureIdentity'], value: settings.capturesIdentity },
    { path: ['gateway', 'history'], value: settings.keepsHistory },
    { path: ['gateway', 'retention', 'days'], value: retention.days },
    { path: ['gateway', 'retention', 'traces'], value: retention.traces },
    { path: ['gateway', 'storeBudgetMb'], value: retention.megabytes },
    { path: ['otlp', 'receiver'], value: settings.receivesSpans },
  ];
}
