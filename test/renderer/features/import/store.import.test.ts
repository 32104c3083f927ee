import { Buffer } from 'node:buffer';
import { describe, expect, it, vi } from 'vitest';
import { createImportStore } from '../../../../renderer/features/import/store.import.ts';
import type { ImportStore } from '../../../../renderer/features/import/store.import.ts';
import type { TraceId } from '../../../../src/shared/domain/ids.ts';
import { createMemoryBridge } from '../../../support/memory-bridge.ts';
import type { MemoryBridge } from '../../../support/memory-bridge.ts';
import { traceIdOf } from '../../../support/make-trace.ts';
import { until } from '../../until.ts';

const MIB = 1024 * 1024;

function createStage(): { bridge: MemoryBridge; imports: ImportStore; onRead: (ids: readonly TraceId[]) => void } {
  const bridge = createMemoryBridge();
  const onRead = vi.fn<(ids: readonly TraceId[]) => void>();
  const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  return { bridge, onRead, imports: createImportStore({ api: bridge.api, toBase64, onRead }) };
}

function ended(imports: ImportStore): Promise<unknown> {
  return until(imports.store, ({ files }) =>
    files.every(({ outcome }) => outcome.phase === 'read' || outcome.phase === 'failed'),
  );
}

describe('files that are opened', () => {
  it('are read one after the other, each with its report, and then their newest traces are told', async () => {
    const { bridge, imports, onRead } = createStage();
    bridge.files.putReport('one.json', { traces: 2, newestTraceId: traceIdOf(1) });
    bridge.files.putReport('two.txt', 'This is no file with traces.');
    bridge.files.putReport('three.json', { traces: 1, newestTraceId: traceIdOf(3) });
    imports.add(['one.json', 'two.txt', 'three.json'].map((name) => new File(['{}'], name)));
    expect(imports.store.getState().isOpen).toBe(true);
    await ended(imports);
    const { files } = imports.store.getState();
    expect(files.map(({ name }) => name)).toEqual(['one.json', 'two.txt', 'three.json']);
    expect(files.map(({ outcome }) => outcome.phase)).toEqual(['read', 'failed', 'read']);
    expect(files[1]?.outcome).toMatchObject({ message: 'This is no file with traces.' });
    await vi.waitFor(() => {
      expect(onRead).toHaveBeenCalledExactlyOnceWith([traceIdOf(1), traceIdOf(3)]);
    });
  });

  it('are told from folders, which nobody can read', async () => {
    const { bridge, imports, onRead } = createStage();
    const folder = { name: 'folder', size: 0, arrayBuffer: () => Promise.reject(new Error('NotFoundError')) };
    imports.add([folder]);
    await ended(imports);
    expect(imports.store.getState().files[0]?.outcome).toEqual({
      phase: 'failed',
      message: '“folder” cannot be read. Choose a file, not a folder.',
    });
    expect(bridge.calls).toEqual([]);
    expect(onRead).not.toHaveBeenCalled();
  });

  it('are not even read when they are larger than a page may send', async () => {
    const { bridge, imports } = createStage();
    const arrayBuffer = vi.fn<() => Promise<ArrayBuffer>>();
    imports.add([{ name: 'huge.json', size: 40 * MIB, arrayBuffer }]);
    await ended(imports);
    expect(imports.store.getState().files[0]?.outcome).toEqual({
      phase: 'failed',
      message: '“huge.json” has 40 MB. A page takes 32 MB: use "throughline import" for this one.',
    });
    expect(arrayBuffer).not.toHaveBeenCalled();
    expect(bridge.calls).toEqual([]);
  });

  it('that were read are gone from the dialog when it is opened anew, but not while more are read', async () => {
    const { imports } = createStage();
    imports.add([new File(['{}'], 'one.json')]);
    imports.open();
    expect(imports.store.getState().files.length).toBe(1);
    await ended(imports);
    imports.close();
    imports.open();
    await vi.waitFor(() => {
      imports.open();
      expect(imports.store.getState().files).toEqual([]);
    });
  });
});
