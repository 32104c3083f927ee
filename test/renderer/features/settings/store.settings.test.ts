import { describe, expect, it } from 'vitest';
import { createSettingsStore } from '../../../../renderer/features/settings/store.settings.ts';
import { describeFailure } from '../../../../renderer/bridge/failure.ts';
import { DEFAULT_TRACING_SETTINGS } from '../../../../src/shared/domain/settings.ts';
import { createMemoryBridge } from '../../../support/memory-bridge.ts';
import { until } from '../../until.ts';

describe('what the window knows of settings', () => {
  it('follows what is set, what is fixed and what came', async () => {
    const bridge = createMemoryBridge();
    const settings = createSettingsStore(bridge);
    const stop = settings.start();
    await until(settings.store, ({ feed }) => feed?.settings.isRecording === true);
    bridge.settings.set({ isRecording: false });
    await until(settings.store, ({ feed }) => feed?.settings.isRecording === false);
    bridge.settings.setFixed({ keepsHistory: 'It was started with --data-dir.' });
    await until(settings.store, ({ feed }) => feed?.fixed.keepsHistory !== undefined);
    bridge.settings.setReceiver({ acceptedSpans: 7 });
    await until(settings.store, ({ feed }) => feed?.receiver.acceptedSpans === 7);
    stop();
  });

  it('saves the one change with everything else as it is, also when two follow each other at once', async () => {
    const bridge = createMemoryBridge();
    bridge.settings.set({ keepsHistory: true });
    const settings = createSettingsStore(bridge);
    const stop = settings.start();
    await until(settings.store, ({ feed }) => feed !== null);
    await settings.change({ spanNaming: 'semconv' });
    await settings.change({ capturesIdentity: true });
    expect(bridge.settings.settings).toEqual({
      ...DEFAULT_TRACING_SETTINGS,
      keepsHistory: true,
      spanNaming: 'semconv',
      capturesIdentity: true,
    });
    stop();
  });

  it('keeps what was in force when the host refuses, and passes its sentence on', async () => {
    const bridge = createMemoryBridge();
    const settings = createSettingsStore(bridge);
    const stop = settings.start();
    await until(settings.store, ({ feed }) => feed !== null);
    bridge.settings.refuseNext('There is no folder to keep traces in.');
    const failure = await settings.change({ keepsHistory: true }).catch(describeFailure);
    expect(failure).toEqual({ kind: 'refused', message: 'There is no folder to keep traces in.' });
    expect(settings.store.getState().feed?.settings.keepsHistory).toBe(false);
    stop();
  });

  it('never saves over settings that it has not seen', async () => {
    const bridge = createMemoryBridge();
    const settings = createSettingsStore(bridge);
    await expect(settings.change({ isRecording: false })).rejects.toThrow();
    expect(bridge.calls).toEqual([]);
  });
});
