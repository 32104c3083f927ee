import type { OtlpSender } from '../../otlp/send/otlp-sender.ts';
import { requestAddress } from '../../otlp/send/request-address.ts';
import type { RedactionControl, Redactor } from '../../redaction/port.ts';
import type { ForwardingFeed, ForwardStatus, ForwardTrial } from '../../shared/contract/messages.ts';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { ForwardEndpoint } from '../../shared/domain/forwarding.ts';
import { millisToUnixNano, type UnixNano } from '../../shared/domain/ids.ts';
import { messageOf, UserError } from '../../shared/kernel/user-error.ts';
import type { TraceStore } from '../../store/port.ts';
import type { ConfiguredEndpoint } from '../config/config.ts';
import { endpointProblem } from '../config/endpoint-problem.ts';
import { ENVIRONMENT_ENDPOINT, MAX_ENDPOINTS } from '../config/endpoint-entry.ts';
import { asSentence, resolveEndpoint, withNewSecrets, type ReferenceSources } from '../config/references.ts';
import { createCountedNews } from '../counted-news.ts';
import { createEncodeLeaving } from '../leaving-groups.ts';
import type { Logger, ReportFailure } from '../log.ts';
import { separateEndpointSecrets } from '../secrets/separate-secrets.ts';
import type { ServerShelf } from '../server-shelf.ts';
import type { EditedEndpoint, ForwardingDesk } from '../services.ts';
import { createTurns } from '../turns.ts';
import { EndpointRunner, FORWARD_LIMITS, startFrom, type ForwardStart, type ForwardLimits } from './endpoint-runner.ts';
import { withKeptHeaders, type KnownEndpoint } from './header-values.ts';
import type { ImportedTraces } from './imported-traces.ts';
import { openTarget } from './open-target.ts';
import { previewOf } from './preview.ts';
import { samplerOf, type Sampler } from './sampling.ts';
import type { StandardVariables } from './standard-variables.ts';

export interface ForwardingDeskParts {
  readonly store: Pick<TraceStore, 'feed' | 'watch' | 'payloads' | 'list' | 'trace' | 'stats' | 'flush'>;
  readonly redactor: Pick<Redactor, 'text'> & RedactionControl;
  readonly shelf: Pick<ServerShelf, 'saveEndpoint' | 'removeEndpoint'>;
  readonly configured: ReadonlyMap<string, ConfiguredEndpoint>;
  readonly standard: StandardVariables;
  /** Where references of headers lead. */
  readonly sources: ReferenceSources;
  readonly imported: Pick<ImportedTraces, 'has'>;
  /** Hears of every header that is sent, before it is: its value is a secret. */
  readonly onHeaders: (headers: Readonly<Record<string, string>>) => void;
  readonly log: Pick<Logger, 'warn'>;
  readonly report: ReportFailure;
  readonly limits?: ForwardLimits;
}

export interface RunningForwardingDesk extends ForwardingDesk {
  /** Begins to send, with what was recorded since the desk was opened. `ownOrigin`: where this gateway listens. */
  start(ownOrigin: string): Promise<void>;
  /** The gateway begins to end: what is sent until `boundMs` from now is sent. */
  announceStop(boundMs: number): void;
  /** Sends what is finished, within the announced time. Idempotent. */
  stop(): Promise<void>;
}

/** An endpoint and what goes on with it. */
interface Entry extends KnownEndpoint {
  readonly name: string;
  readonly source: ForwardStatus['source'];
  readonly sampler: Sampler;
  readonly address: string;
  runner: EndpointRunner | null;
  /** Why nothing is sent to it. Not redacted. */
  problem: string | null;
  /** The last failure that the log was told of. */
  told: string | null;
}

const NO_COUNTS = { sentTraces: 0, sentSpans: 0, queuedTraces: 0, droppedTraces: 0, rejectedSpans: 0 };

/** Opened before anything is recorded: what is in the store then is history, and stays. */
export async function openForwardingDesk(parts: ForwardingDeskParts): Promise<RunningForwardingDesk> {
  const desk = new Desk(parts, {
    cursor: await latestCursor(parts.store),
    since: millisToUnixNano(Date.now()),
  });
  return {
    watch: (cursor, waitMs, signal) => desk.watch(cursor, waitMs, signal),
    save: (name, formerName, endpoint) => desk.save(name, formerName, endpoint),
    remove: (name) => desk.remove(name),
    preview: (_name, endpoint) => desk.preview(endpoint),
    try: (name, endpoint) => desk.try(name, endpoint),
    start: (ownOrigin) => desk.start(ownOrigin),
    announceStop: (boundMs) => {
      desk.announceStop(boundMs);
    },
    stop: () => desk.stop(),
  };
}

async function latestCursor(store: Pick<TraceStore, 'feed'>): Promise<Cursor> {
  const { cursor } = await store.feed({ cursor: null, query: '', limit: 1, waitMs: 0 });
  return cursor;
}

class Desk {
  readonly #parts: ForwardingDeskParts;
  readonly #begin: { readonly cursor: Cursor; readonly since: UnixNano };
  readonly #encode;
  readonly #entries = new Map<string, Entry>();
  readonly #inTurn = createTurns();
  #counted = 0;
  readonly #news = createCountedNews(() => this.#counted);
  #ownOrigin: string | null = null;
  #cutOff: AbortSignal | null = null;
  #stopping: Promise<void> | null = null;

  constructor(parts: ForwardingDeskParts, begin: { readonly cursor: Cursor; readonly since: UnixNano }) {
    this.#parts = parts;
    this.#begin = begin;
    this.#encode = createEncodeLeaving(parts.redactor);
    const { standard, configured } = parts;
    if (standard.endpoint !== null) {
      const { endpoint, address, sampler } = standard.endpoint;
      const known = { written: endpoint, resolved: endpoint };
      this.#add({ name: ENVIRONMENT_ENDPOINT, source: 'environment', sampler, address, ...known });
    }
    for (const [name, endpoint] of configured) this.#addSaved(name, endpoint);
  }

  async start(ownOrigin: string): Promise<void> {
    this.#ownOrigin = ownOrigin;
    for (const notice of this.#parts.standard.notices) this.#parts.log.warn(this.#parts.redactor.text(notice));
    for (const entry of this.#entries.values()) {
      await this.#run(entry, startFrom(this.#begin.cursor, this.#begin.since));
    }
  }

  async watch(cursor: Cursor | null, waitMs: number, signal?: AbortSignal): Promise<ForwardingFeed> {
    if (cursor !== null) await this.#news.after(cursor, waitMs, signal);
    return {
      cursor: this.#news.revision,
      endpoints: [...this.#entries.values()].map((entry) => this.#statusOf(entry)),
    };
  }

  save(name: string, formerName: string | null, edited: EditedEndpoint): Promise<void> {
    return this.#inTurn(async () => {
      const former = this.#changeable(formerName);
      if (name === ENVIRONMENT_ENDPOINT) throw new UserError(`"${name}" is taken: give the endpoint another name.`);
      if (name !== formerName && this.#entries.has(name))
        throw new UserError(`There is an endpoint "${name}" already: give this one another name.`);
      if (former === null && this.#entries.size >= MAX_ENDPOINTS)
        throw new UserError(`There are ${MAX_ENDPOINTS} endpoints already: remove one first.`);
      const { endpoint: written, secrets } = separateEndpointSecrets(name, withKeptHeaders(edited, former));
      const resolved = resolveEndpoint(name, written, withNewSecrets(this.#parts.sources, secrets));
      this.#parts.onHeaders(resolved.headers);
      // Tried before anything changes, and closed again: it has connected to nobody yet.
      await (await this.#open(name, resolved)).close();
      await this.#parts.shelf.saveEndpoint({ name, formerName, endpoint: written, secrets });
      const start = await this.#end(former);
      await this.#run(this.#addSaved(name, { written, resolved }), start ?? (await this.#fromNow()));
    });
  }

  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const entry = this.#changeable(name);
      await this.#parts.shelf.removeEndpoint(name);
      await this.#end(entry);
      this.#news.announce();
    });
  }

  async preview(edited: EditedEndpoint): ReturnType<ForwardingDesk['preview']> {
    const { store, imported } = this.#parts;
    // Values are neither needed nor shown.
    const headers = Object.fromEntries(Object.entries(edited.headers).map(([header, value]) => [header, value ?? '']));
    const problem = endpointProblem({ ...edited, headers });
    if (problem !== null) throw new UserError(asSentence(problem));
    return previewOf(edited, { store, imported, encode: this.#encode });
  }

  async try(name: string | null, edited: EditedEndpoint): Promise<ForwardTrial> {
    const { redactor, sources, onHeaders } = this.#parts;
    const label = name ?? 'new endpoint';
    const written = withKeptHeaders(edited, name === null ? null : (this.#entries.get(name) ?? null));
    const resolved = resolveEndpoint(label, written, sources);
    onHeaders(resolved.headers);
    const sender = await this.#open(label, resolved);
    try {
      const empty = resolved.protocol === 'http/json' ? Buffer.from('{"resourceSpans":[]}') : new Uint8Array();
      const outcome = await sender.send(empty);
      if (outcome.kind !== 'taken') return { isOk: false, sentence: redactor.text(outcome.sentence) };
      const address = requestAddress(resolved.url, resolved.protocol);
      const { message } = outcome;
      const said = message === '' ? '' : ` It said: ${message}.`;
      return { isOk: true, sentence: redactor.text(`${address} takes traces.${said}`) };
    } finally {
      await sender.close();
    }
  }

  announceStop(boundMs: number): void {
    this.#cutOff ??= AbortSignal.timeout(boundMs);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#inTurn(() => this.#finish());
    return this.#stopping;
  }

  async #finish(): Promise<void> {
    this.announceStop(LAST_BOUND_MS);
    const running = [...this.#entries.values()].flatMap(({ name, runner }) =>
      runner === null ? [] : [{ name, runner }],
    );
    const cutOff = this.#cutOff ?? AbortSignal.abort();
    if (running.length > 0) await this.#parts.store.flush();
    await Promise.all(
      running.map(async ({ name, runner }) => {
        const left = await runner.finish(cutOff);
        if (left === 0) return;
        const why = runner.status().lastError;
        this.#warn(
          `${left === 1 ? 'One trace was' : `${left} traces were`} not sent to endpoint "${name}".${why === null ? '' : ` ${why}`}`,
        );
      }),
    );
    this.#news.stop();
  }

  #add(entry: Omit<Entry, 'runner' | 'problem' | 'told'> & { readonly problem?: string }): Entry {
    const added: Entry = { problem: null, ...entry, runner: null, told: null };
    this.#entries.set(added.name, added);
    if (added.resolved !== null) this.#parts.onHeaders(added.resolved.headers);
    return added;
  }

  #addSaved(name: string, configured: ConfiguredEndpoint): Entry {
    const { written } = configured;
    return this.#add({
      name,
      source: 'saved',
      sampler: samplerOf(written.sampling),
      address: requestAddress(written.url, written.protocol),
      written,
      ...('resolved' in configured
        ? { resolved: configured.resolved }
        : { resolved: null, problem: configured.problem }),
    });
  }

  #changeable(name: string | null): Entry | null {
    if (name === null) return null;
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new UserError(`There is no endpoint "${name}" any more.`);
    if (entry.source === 'environment')
      throw new UserError('This endpoint comes from the OTEL_* variables: change them, and start Throughline again.');
    return entry;
  }

  /** Where to go on, when it was at work. */
  async #end(entry: Entry | null): Promise<ForwardStart | null> {
    if (entry === null) return null;
    this.#entries.delete(entry.name);
    return (await entry.runner?.stop()) ?? null;
  }

  async #fromNow(): Promise<ForwardStart> {
    await this.#parts.store.flush();
    return startFrom(await latestCursor(this.#parts.store), millisToUnixNano(Date.now()));
  }

  #open(name: string, endpoint: ForwardEndpoint, address?: string): Promise<OtlpSender> {
    if (this.#ownOrigin === null) throw new UserError('The gateway is starting: try again in a moment.');
    return openTarget({ name, endpoint, ownOrigin: this.#ownOrigin, ...(address !== undefined && { address }) });
  }

  async #run(entry: Entry, start: ForwardStart): Promise<void> {
    const { store, imported, report, limits = FORWARD_LIMITS } = this.#parts;
    const { name, resolved, address, sampler } = entry;
    if (resolved?.isEnabled === true) {
      try {
        const sender = await this.#open(name, resolved, address);
        entry.runner = new EndpointRunner({
          store,
          encode: this.#encode,
          endpoint: resolved,
          filter: resolved.filter,
          sampler,
          imported,
          start,
          sender,
          limits,
          onChange: (what) => {
            this.#changed(entry, what);
          },
          onDefect: (thrown) => {
            report(`Sending to endpoint "${name}"`, thrown);
          },
        });
      } catch (thrown) {
        if (!(thrown instanceof UserError)) throw thrown;
        entry.problem = messageOf(thrown);
      }
    }
    if (entry.problem !== null) this.#warn(`Nothing is sent to endpoint "${name}". ${entry.problem}`);
    this.#news.announce();
  }

  #changed(entry: Entry, what: 'state' | 'count'): void {
    this.#counted += 1;
    if (what === 'count') return;
    this.#news.announce();
    const failure = entry.runner?.status().lastError ?? null;
    if (failure === entry.told) return;
    entry.told = failure;
    if (failure !== null) this.#warn(failure);
  }

  #warn(sentence: string): void {
    this.#parts.log.warn(this.#parts.redactor.text(sentence));
  }

  #statusOf({ name, source, written, runner, problem }: Entry): ForwardStatus {
    const { headers, ...shown } = written;
    const failed = { state: 'failing', counts: NO_COUNTS, lastError: problem, lastSentAt: null } as const;
    const { lastError, ...status } = runner?.status() ?? (problem === null ? { ...failed, state: 'off' } : failed);
    return {
      ...shown,
      name,
      source,
      headerNames: Object.keys(headers),
      ...status,
      lastError: lastError === null ? null : this.#parts.redactor.text(lastError),
    };
  }
}

/** When nobody said that the gateway ends, as when its start fails. */
const LAST_BOUND_MS = 1_000;
