import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/runtime/config/load-config.ts';
import { changedTracing } from '../../../src/runtime/config/tracing-entry.ts';
import { DEFAULT_TRACING_SETTINGS, type TracingSettings } from '../../../src/shared/domain/settings.ts';

const read = (value: unknown): TracingSettings => readConfig('it', JSON.stringify(value), {}).tracing;

const EVERYTHING: TracingSettings = {
  isRecording: false,
  spanNaming: 'semconv',
  capture: { requests: 'none', responses: ['tool.invoke', 'mcp.client.call'] },
  capturesIdentity: true,
  receivesSpans: false,
  keepsHistory: true,
  retention: { days: 30, traces: 100_000, megabytes: 1_024 },
};

function asFile(entries: ReturnType<typeof changedTracing>): Record<string, unknown> {
  const file: Record<string, unknown> = {};
  for (const { path, value } of entries) {
    let parent = file;
    for (const key of path.slice(0, -1)) parent = (parent[key] ??= {}) as Record<string, unknown>;
    parent[path.at(-1) ?? ''] = value;
  }
  return file;
}

describe('what a config file says of tracing', () => {
  it('is the default where it says nothing', () => {
    expect(read({})).toEqual(DEFAULT_TRACING_SETTINGS);
    expect(read({ gateway: { retention: { days: 7 }, capture: { requests: 'none' } } })).toEqual({
      ...DEFAULT_TRACING_SETTINGS,
      retention: { ...DEFAULT_TRACING_SETTINGS.retention, days: 7 },
      capture: { requests: 'none', responses: 'all' },
    });
  });

  it('R93: reads back what is written for every setting', () => {
    const entries = changedTracing(DEFAULT_TRACING_SETTINGS, EVERYTHING);
    expect(read(asFile(entries))).toEqual(EVERYTHING);
    expect(read(asFile(changedTracing(EVERYTHING, DEFAULT_TRACING_SETTINGS)))).toEqual(DEFAULT_TRACING_SETTINGS);
  });

  it('is written for what changes only', () => {
    expect(changedTracing(EVERYTHING, { ...EVERYTHING, retention: { ...EVERYTHING.retention, traces: 5 } })).toEqual([
      { path: ['gateway', 'retention', 'traces'], value: 5 },
    ]);
    expect(changedTracing(EVERYTHING, { ...EVERYTHING })).toEqual([]);
  });

  it.each([
    [{ gateway: { tracing: 'yes' } }, 'gateway.tracing: '],
    [{ gateway: { capture: { requests: 'some' } } }, 'gateway.capture.requests: write "all", "none" or a list'],
    [{ gateway: { capture: 'all' } }, 'gateway.capture: write an object with "requests" and "responses".'],
    [{ gateway: { retention: { days: -1 } } }, 'gateway.retention.days: '],
    [{ gateway: { retention: 7 } }, 'gateway.retention: write an object with "days" and "traces".'],
    [{ otlp: { receiver: 'on' } }, 'otlp.receiver: '],
  ])('%j is refused with its place', (value, sentence) => {
    expect(() => read(value)).toThrow(sentence);
  });
});
