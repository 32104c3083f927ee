import type { TraceSummary } from '../../src/shared/domain/trace.ts';

export interface SeenClient {
  readonly name: string;
  readonly traces: number;
  readonly open: number;
  /** The versions of MCP it was spoken to in, oldest first. */
  readonly protocols: readonly string[];
}

/** The callers of the listed traces, busiest first. */
export function seenClients(traces: readonly TraceSummary[]): readonly SeenClient[] {
  const byName = new Map<string, { traces: number; open: number; protocols: Set<string> }>();
  for (const trace of traces) {
    if (trace.client === null) continue;
    const seen = byName.get(trace.client) ?? { traces: 0, open: 0, protocols: new Set<string>() };
    seen.traces += 1;
    seen.open += trace.status === 'pending' ? 1 : 0;
    if (trace.clientProtocol !== null) seen.protocols.add(trace.clientProtocol);
    byName.set(trace.client, seen);
  }
  return [...byName]
    .map(([name, { protocols, ...counts }]) => ({ name, ...counts, protocols: [...protocols].sort() }))
    .sort((left, right) => right.traces - left.traces || left.name.localeCompare(right.name));
}

/** How many of the listed traces each server took part in. */
export function tracesPerServer(traces: readonly TraceSummary[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const trace of traces) for (const id of trace.serverIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
