import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint, stampMatches, writeStamp } from '../../../scripts/setup/fingerprint.mjs';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'throughline-fingerprint-'));
  await mkdir(join(root, 'src', 'deep'), { recursive: true });
  await writeFile(join(root, 'src', 'deep', 'a.ts'), 'a');
  await writeFile(join(root, 'package.json'), '{}');
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('the fingerprint of what a build is made from', () => {
  const entries = ['src', 'package.json', 'absent.json'];

  it('stays when nothing has changed', () => {
    expect(fingerprint(root, entries)).toBe(fingerprint(root, entries.toReversed()));
  });

  it('changes with a content, a name, a new file and one that goes', async () => {
    const seen = new Set([fingerprint(root, entries)]);
    await writeFile(join(root, 'src', 'deep', 'a.ts'), 'b');
    seen.add(fingerprint(root, entries));
    await writeFile(join(root, 'src', 'new.ts'), '');
    seen.add(fingerprint(root, entries));
    await rm(join(root, 'src', 'deep', 'a.ts'));
    seen.add(fingerprint(root, entries));
    await writeFile(join(root, 'absent.json'), '');
    seen.add(fingerprint(root, entries));
    expect(seen.size).toBe(5);
  });

  it('is compared with the stamp of the last success', () => {
    const stamp = join(root, 'dist', '.stamp');
    expect(stampMatches(stamp, 'x')).toBe(false);
    writeStamp(stamp, 'x');
    expect(stampMatches(stamp, 'x')).toBe(true);
    expect(stampMatches(stamp, 'y')).toBe(false);
  });
});
