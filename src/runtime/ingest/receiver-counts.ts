import type { ReceiverCounts } from '../../shared/contract/messages.ts';
import type { RedactedSpan } from '../../shared/domain/redacted.ts';
import type { TracingSettings } from '../../shared/domain/settings.ts';
import type { Taken } from './span-ingest.ts';

/** Counts what comes over OTLP. */
export interface ReceiverTally {
  counts(): ReceiverCounts;
  span(span: RedactedSpan): void;
  took(taken: Taken): void;
  refused(): void;
}

/** Why the receiver takes nothing in now, in one sentence; null when it does. */
export function closedBecause({
  receivesSpans,
  isRecording,
}: Pick<TracingSettings, 'receivesSpans' | 'isRecording'>): string | null {
  if (!receivesSpans) return 'Receiving spans is switched off in this gateway: switch it on in its settings.';
  return isRecording ? null : 'Recording is switched off in this gateway: switch it on in its settings.';
}

const MAX_SERVICES = 20;

export function createReceiverTally(): ReceiverTally {
  const counts = { acceptedSpans: 0, rejectedSpans: 0, requests: 0, refusedRequests: 0 };
  /** The latest last. */
  const services = new Set<string>();
  return {
    counts: () => ({ ...counts, services: [...services].reverse() }),
    span({ origin }) {
      const name = origin.resource['service.name'];
      if (typeof name !== 'string') return;
      services.delete(name);
      services.add(name);
      const [oldest] = services;
      if (services.size > MAX_SERVICES && oldest !== undefined) services.delete(oldest);
    },
    took({ spans, rejected }) {
      counts.requests += 1;
      counts.acceptedSpans += spans;
      counts.rejectedSpans += rejected;
    },
    refused() {
      counts.requests += 1;
      counts.refusedRequests += 1;
    },
  };
}
