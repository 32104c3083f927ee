import { useState } from 'react';
import { elapsedSince } from '../../model/clock.ts';
import type { SpanTree } from '../../model/span-tree.ts';
import { growDomain } from '../../model/time-scale.ts';
import { useFrame } from '../../ui/use-frame.ts';

const FIRST_DOMAIN_MS = 100;

/**
 * The length of the time axis in milliseconds: that of the trace once it is over, else one that leaps ahead whenever
 * the open spans reach its end.
 */
export function useTimeDomain(tree: SpanTree, frozenAt: number | null): number {
  const [running, setRunning] = useState(FIRST_DOMAIN_MS);
  const open = tree.openSpans > 0;
  const { start } = tree;
  useFrame(open && frozenAt === null, () => {
    if (start === null) return;
    const next = growDomain(running, elapsedSince(start, Date.now()));
    if (next !== running) setRunning(next);
  });
  return open ? Math.max(running, tree.lengthMs) : tree.lengthMs;
}
