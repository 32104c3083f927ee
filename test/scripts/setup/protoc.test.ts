import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findProtoc } from '../../../scripts/setup/protoc.mjs';
import { writeShellScript } from '../../support/shell-script.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-protoc-'));
  vi.stubEnv('THROUGHLINE_PROTOC', '');
  vi.stubEnv('PATH', join(folder, 'bin'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function program(...segments: string[]): Promise<string> {
  const path = join(folder, ...segments);
  await mkdir(join(path, '..'), { recursive: true });
  return writeShellScript(path, '');
}

describe('finding the protobuf compiler', () => {
  it('takes the one that THROUGHLINE_PROTOC names before the one on PATH', async () => {
    const onPath = await program('bin', 'protoc');
    expect(findProtoc()).toBe(onPath);
    const named = await program('elsewhere', 'protoc-30');
    vi.stubEnv('THROUGHLINE_PROTOC', named);
    expect(findProtoc()).toBe(named);
  });

  it('says in one sentence when THROUGHLINE_PROTOC names nothing that runs', () => {
    vi.stubEnv('THROUGHLINE_PROTOC', join(folder, 'absent'));
    expect(() => findProtoc()).toThrow(/^THROUGHLINE_PROTOC names .*absent, which is not a program/);
  });

  it('finds none where there is none', () => {
    expect(findProtoc()).toBeNull();
  });
});
