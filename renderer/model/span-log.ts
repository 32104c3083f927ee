import type { ServerId, UnixNano } from '../../src/shared/domain/ids.ts';
import { millisBetween } from '../../src/shared/domain/ids.ts';
import type { Finding, RedactedSpan } from '../../src/shared/domain/redacted.ts';
import type { SpanEvent } from '../../src/shared/domain/span.ts';
import type { SpanNode } from './span-tree.ts';

const EVENT_SERVER_LOG = 'server.log';
const SERVER_ID = 'throughline.server.id';
const DROPPED = 'throughline.log.dropped';

/** A line its server printed while a span ran. */
export interface SpanLogLine {
  /** Milliseconds after the start of the span it is shown with. */
  readonly offsetMs: number;
  readonly time: UnixNano;
  readonly from: 'stderr' | 'stdout';
  readonly text: string;
  /** What was hidden in the text, by position. */
  readonly findings: readonly Finding[];
  /** The span that carries it: the one shown, or one below. */
  readonly span: RedactedSpan;
  /** Null when no span from there upwards says whose server it is. */
  readonly serverId: ServerId | null;
}

export interface SpanLog {
  /** Oldest first. */
  readonly lines: readonly SpanLogLine[];
  /** Lines that came while it ran and were not kept with it. */
  readonly dropped: number;
  readonly serverIds: readonly ServerId[];
}

/** What was printed while a span ran: its own lines and those of every span below, whoever carries them. */
export function spanLog(node: SpanNode): SpanLog {
  const lines: SpanLogLine[] = [];
  const serverIds = new Set<ServerId>();
  let dropped = 0;
  const above = serverOf(node);
  const stack: { readonly at: SpanNode; readonly serverId: ServerId | null }[] = [{ at: node, serverId: above }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { span, children } = next.at;
    const serverId = ownServer(span) ?? next.serverId;
    if (serverId !== null) serverIds.add(serverId);
    const left = span.attributes[DROPPED];
    if (typeof left === 'number') dropped += left;
    span.events.forEach((event, index) => {
      const line = isLogEvent(event) ? lineOf(node.span, span, event, index) : null;
      if (line !== null) lines.push({ ...line, serverId });
    });
    for (const child of children) stack.push({ at: child, serverId });
  }
  lines.sort((left, right) => (left.time === right.time ? 0 : left.time < right.time ? -1 : 1));
  return { lines, dropped, serverIds: [...serverIds] };
}

export function isLogEvent(event: Pick<SpanEvent, 'name'>): boolean {
  return event.name === EVENT_SERVER_LOG;
}

/** How many lines a span itself carries. */
export function ownLogLines(span: Pick<RedactedSpan, 'events'>): number {
  return span.events.reduce((count, event) => count + (isLogEvent(event) ? 1 : 0), 0);
}

function lineOf(
  shown: RedactedSpan,
  span: RedactedSpan,
  event: SpanEvent,
  index: number,
): Omit<SpanLogLine, 'serverId'> {
  const original = event.attributes['log.record.original'];
  const path = `/events/${String(index)}/attributes/log.record.original`;
  return {
    offsetMs: millisBetween(shown.startTime, event.time),
    time: event.time,
    from: event.attributes['log.iostream'] === 'stdout' ? 'stdout' : 'stderr',
    text: original === undefined ? '' : String(original),
    findings: span.findings.filter((finding) => finding.path === path),
    span,
  };
}

function ownServer(span: RedactedSpan): ServerId | null {
  const id = span.attributes[SERVER_ID];
  return typeof id === 'string' && id !== '' ? (id as ServerId) : null;
}

function serverOf(node: SpanNode): ServerId | null {
  for (let at: SpanNode | null = node; at !== null; at = at.parent) {
    const id = ownServer(at.span);
    if (id !== null) return id;
  }
  return null;
}
