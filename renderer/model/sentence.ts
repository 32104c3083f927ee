import type { TraceSummary } from '../../src/shared/domain/trace.ts';
import { assertNever } from '../../src/shared/kernel/assert-never.ts';
import { millisBetween } from '../../src/shared/domain/ids.ts';
import { formatDuration, plural } from './format.ts';
import { askedWords } from './input-wait.ts';
import { GATEWAY_OWNER } from './owner.ts';

/** What happened in a trace, in one plain sentence (two when something was hidden). Made by rules, no guessing. */
export function traceSentence(summary: TraceSummary): string {
  return [outcome(summary), hidden(summary)].filter((part) => part !== '').join(' ');
}

const HTTP_REQUEST = /^(POST|GET|DELETE) /;

function outcome(summary: TraceSummary): string {
  if (isUpkeep(summary)) return upkeep(summary);
  if (isForeign(summary)) return foreign(summary);
  const what = action(summary);
  const where = answerer(summary);
  switch (summary.status) {
    case 'pending':
      if (summary.waitsFor.length > 0) return `${what}. ${where} ${waiting(summary.waitsFor)}.`;
      return `${what}. ${where} has not answered yet.`;
    case 'ok':
      if (isNotification(summary)) return `${what}. It was passed on in ${elapsed(summary)}.`;
      return `${what}. ${where} answered in ${elapsed(summary)}.`;
    case 'error':
      return `${what}. It failed after ${elapsed(summary)}${reason(summary)}`;
    case 'blocked':
      return `${what}. ${summary.blockedBy ?? 'A plugin'} stopped it after ${elapsed(summary)}${reason(summary)}`;
    case 'cancelled':
      return `${what}. The caller gave up after ${elapsed(summary)}.`;
    default:
      return assertNever(summary.status);
  }
}

/** What a trace is called in lists and titles: the thing asked for, else the method, else the root span. */
export function subjectOf(summary: TraceSummary): string {
  if (summary.target !== null && summary.target !== '') return summary.target;
  return isUpkeep(summary) ? summary.name : (summary.method ?? summary.name);
}

/** What the gateway does of its own accord, which no client asked for. */
export function isUpkeep(summary: TraceSummary): boolean {
  return summary.upkeep !== null;
}

/** What the gateway did of its own accord, by its reason. */
const UPKEEP: Readonly<Record<string, readonly [doing: string, done: string]>> = {
  connect: ['is connecting to', 'connected to'],
  refresh: ['is reading again what is offered by', 'read again what is offered by'],
  restart: ['is starting again', 'started again'],
  health: ['is asking for a sign of life from', 'got a sign of life from'],
};

function upkeep(summary: TraceSummary): string {
  if (summary.upkeep === 'stream')
    return `A stream of messages to ${clientOf(summary)} was opened or ended (${summary.name}).`;
  const [server = 'a server'] = summary.serverIds;
  if (summary.upkeep === 'news') return `${server} told something outside of any call (${summary.name}).`;
  const [doing, done] = UPKEEP[summary.upkeep ?? ''] ?? ['is looking after', 'looked after'];
  if (summary.status === 'pending') return `The gateway ${doing} ${server}.`;
  if (summary.status === 'ok') return `The gateway ${done} ${server} in ${elapsed(summary)}.`;
  return `The gateway looked after ${server} (${summary.name}). It failed after ${elapsed(summary)}${reason(summary)}`;
}

/** Nothing in it went through this gateway: it came over OTLP or from a file. */
function isForeign({ method, services }: TraceSummary): boolean {
  return method === null && services.length > 0 && !services.includes(GATEWAY_OWNER);
}

function foreign(summary: TraceSummary): string {
  const [first = 'Another program', ...others] = summary.services;
  const who = others.length === 0 ? first : `${first} and ${plural(others.length, 'other service')}`;
  const what = `${who} recorded “${summary.name}”`;
  if (summary.status === 'pending') return `${what}. It has not ended yet.`;
  if (summary.status === 'error') return `${what}. It failed after ${elapsed(summary)}${reason(summary)}`;
  return `${what}. It took ${elapsed(summary)}.`;
}

function clientOf(summary: TraceSummary): string {
  return summary.client ?? 'a client';
}

function waiting(methods: readonly string[]): string {
  const asked = askedWords(methods);
  return methods.length > 1 ? `${asked}, and waits for the answers` : `${asked} and waits for the answer`;
}

function isNotification(summary: TraceSummary): boolean {
  return summary.method?.startsWith('notifications/') === true;
}

function action(summary: TraceSummary): string {
  const who = caller(summary);
  const target = summary.target ?? '';
  switch (summary.method) {
    case 'tools/call':
      return `${who} called ${quoted(target, 'a tool')}`;
    case 'prompts/get':
      return `${who} asked for the prompt ${quoted(target, 'it wanted')}`;
    case 'resources/read':
      return `${who} read ${quoted(target, 'a resource')}`;
    case 'tools/list':
      return `${who} listed the tools`;
    case 'prompts/list':
      return `${who} listed the prompts`;
    case 'resources/list':
      return `${who} listed the resources`;
    case 'initialize':
      return `${who} opened a session`;
    case 'ping':
      return `${who} sent a ping`;
    case null:
      return `${who} made a request (${summary.name})`;
    default:
      return `${who} sent ${summary.method}`;
  }
}

/**
 * A trace that nobody outside began is the gateway's own doing: opening sessions, listing tools. One that spans of others
 * are in was begun by somebody, whatever its root is called.
 */
function caller(summary: TraceSummary): string {
  if (summary.client !== null) return summary.client;
  const isCalled = HTTP_REQUEST.test(summary.name) || summary.services.some((service) => service !== GATEWAY_OWNER);
  return isCalled ? 'A client' : 'The gateway';
}

function quoted(target: string, otherwise: string): string {
  return target === '' ? otherwise : `“${target}”`;
}

function answerer(summary: TraceSummary): string {
  const [first, ...others] = summary.serverIds;
  if (first === undefined) return 'The gateway';
  if (others.length === 0) return first;
  return `${first} and ${plural(others.length, 'other server')}`;
}

function elapsed(summary: TraceSummary): string {
  if (summary.endTime === null) return 'a while';
  const whole = formatDuration(millisBetween(summary.startTime, summary.endTime));
  if (summary.waitedMs === 0) return whole;
  const waited = formatDuration(summary.waitedMs);
  return `${whole}, ${waited === whole ? 'nearly all of it' : `of which ${waited}`} waiting for the client`;
}

function reason(summary: TraceSummary): string {
  const text = summary.errorMessage?.trim() ?? '';
  if (text === '') return '.';
  return `: ${/[.!?]$/.test(text) ? text : `${text}.`}`;
}

function hidden(summary: TraceSummary): string {
  return summary.redactionCount === 0 ? '' : `Secrets were hidden in ${plural(summary.redactionCount, 'place')}.`;
}
