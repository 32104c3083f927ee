import type { DatabaseSync } from 'node:sqlite';
import { assertNever } from '../../shared/kernel/assert-never.ts';
import type { StoreLimits } from '../port.ts';
import { openDatabase } from './database.ts';
import type { Now } from './eviction.ts';
import { endInterruptedSpans } from './interrupted-spans.ts';
import type { CallMessage, CallName, Calls, EncodedBatch, Position, WorkerSettings } from './protocol.ts';
import { Notes } from './notes.ts';
import { RemovedLog } from './removed-log.ts';
import { SecretTrail } from './secret-trail.ts';
import { StoreTotals } from './store-totals.ts';
import { StoredParts } from './stored-parts.ts';
import { TraceList } from './trace-list.ts';
import { TraceReader } from './trace-reader.ts';
import { TraceWriter, type StoredBatch } from './trace-writer.ts';

/** What is answered by the open database itself. */
export type ServiceCall = Exclude<CallMessage, { readonly name: 'moveTo' | 'close' }>;

/** Everything the worker does with one database, without its messages. */
export class StoreService {
  readonly #database: DatabaseSync;
  readonly #isOnDisk: boolean;
  readonly #totals: StoreTotals;
  readonly #removed: RemovedLog;
  readonly #writer: TraceWriter;
  readonly #list: TraceList;
  readonly #reader: TraceReader;
  readonly #parts: StoredParts;
  readonly #trail: SecretTrail;
  readonly #notes: Notes;

  private constructor(database: DatabaseSync, settings: WorkerSettings, now: Now) {
    this.#database = database;
    this.#isOnDisk = settings.file !== null;
    this.#totals = new StoreTotals(database, settings.limits);
    // Cursors of an earlier process cannot be answered: its log of removed traces is gone.
    this.#removed = new RemovedLog(this.#totals.revision === 0 ? 0 : this.#totals.nextRevision());
    this.#trail = new SecretTrail(database);
    this.#parts = new StoredParts(database);
    this.#notes = new Notes(database);
    this.#writer = new TraceWriter(database, this.#totals, this.#removed, this.#trail, now);
    this.#list = new TraceList(database, this.#totals, this.#removed);
    this.#reader = new TraceReader(database, this.#totals, this.#removed);
  }

  /** Throws a UserError when the history file cannot be used. */
  static open(settings: WorkerSettings, now: Now = Date.now): StoreService {
    const service = new StoreService(openDatabase(settings.file), settings, now);
    endInterruptedSpans(service.#database, service.#writer);
    return service;
  }

  get limits(): StoreLimits {
    return this.#totals.limits;
  }

  position(): Position {
    return { revision: this.#totals.revision, stats: this.#totals.stats() };
  }

  store(batch: EncodedBatch): StoredBatch {
    return this.#writer.store(batch);
  }

  /**
   * Takes in all that another store holds, all or nothing. Cursors of that one are answered from here on, with everything
   * once more.
   */
  takeOver(other: StoreService): void {
    const isEmpty = this.#totals.traces === 0;
    this.#totals.continueFrom(other.position());
    this.#removed.restart(this.#totals.nextRevision());
    this.#writer.storeAll(other.#parts.all());
    // All of it passed through the journal, which would stay as large.
    if (this.#isOnDisk) this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    if (isEmpty) this.#notes.copyFrom(other.#notes);
    else this.#notes.keepShared(other.#notes);
  }

  /** Lets go of what is over the limits by now. Answers with the ids of the traces that went. */
  enforceLimits(): string {
    return this.#writer.enforceLimits();
  }

  close(): void {
    this.#database.close();
  }

  call(message: ServiceCall): Calls[CallName]['answer'] {
    switch (message.name) {
      case 'flush':
        return null;
      case 'feed':
        return this.#list.feed(message.argument.cursor, message.argument.query, message.argument.limit);
      case 'watch':
        return this.#reader.watch(message.argument.traceId, message.argument.cursor);
      case 'list':
        return this.#list.list(message.argument.query, message.argument.limit);
      case 'trace':
        return this.#reader.trace(message.argument.traceId);
      case 'payload':
        return this.#reader.payload(message.argument.traceId, message.argument.spanId, message.argument.direction);
      case 'payloads':
        return this.#reader.payloads(message.argument.traceId);
      case 'stored':
        return this.#parts.page(message.argument.place, message.argument.until);
      case 'rewrite':
        return this.#writer.rewrite(message.argument.parts);
      case 'purge':
        return this.#purge();
      case 'retain':
        return this.#retain(message.argument);
      case 'trail':
        return this.#trail.find(message.argument.hash);
      case 'note':
        return this.#notes.get(message.argument.name);
      case 'keepNote':
        return this.#notes.keep(message.argument.name, message.argument.text);
      case 'clear':
        return this.#clear();
      default:
        return assertNever(message);
    }
  }

  #retain(limits: StoreLimits): string {
    this.#totals.limits = limits;
    return this.#writer.enforceLimits();
  }

  #clear(): null {
    this.#writer.clear();
    return this.#purge();
  }

  /** What was cleared or hidden must not linger in free pages of the file or in its journal. */
  #purge(): null {
    if (this.#isOnDisk) this.#database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    return null;
  }
}
