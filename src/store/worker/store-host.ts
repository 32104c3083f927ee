import { existsSync } from 'node:fs';
import { UserError, messageOf } from '../../shared/kernel/user-error.ts';
import { removeDatabase } from './database.ts';
import type { Now } from './eviction.ts';
import type { CallMessage, CallName, Calls, EncodedBatch, Position, WorkerSettings } from './protocol.ts';
import { StoreService } from './store-service.ts';
import type { StoredBatch } from './trace-writer.ts';

/** The database that is in use, which may become another one while the store runs. */
export class StoreHost {
  readonly #now: Now;
  #file: string | null;
  #service: StoreService;

  private constructor(settings: WorkerSettings, now: Now) {
    this.#now = now;
    this.#file = settings.file;
    this.#service = StoreService.open(settings, now);
  }

  /** Throws a UserError when the history file cannot be used. */
  static open(settings: WorkerSettings, now: Now = Date.now): StoreHost {
    return new StoreHost(settings, now);
  }

  position(): Position {
    return this.#service.position();
  }

  store(batch: EncodedBatch): StoredBatch {
    return this.#service.store(batch);
  }

  enforceLimits(): string {
    return this.#service.enforceLimits();
  }

  call(message: CallMessage): Calls[CallName]['answer'] {
    switch (message.name) {
      case 'moveTo':
        return this.#moveTo(message.argument.file);
      case 'close':
        this.#service.close();
        return null;
      default:
        return this.#service.call(message);
    }
  }

  #moveTo(file: string | null): null {
    if (file === this.#file) return null;
    const isNew = file !== null && !existsSync(file);
    const target = StoreService.open({ file, limits: this.#service.limits }, this.#now);
    try {
      target.takeOver(this.#service);
      this.#leave();
    } catch (error) {
      target.close();
      if (isNew) removeDatabase(file);
      throw error;
    }
    this.#service = target;
    this.#file = file;
    return null;
  }

  /** Closes what was in use and deletes its file; when that cannot be, it is in use as before. */
  #leave(): void {
    const { limits } = this.#service;
    this.#service.close();
    if (this.#file === null) return;
    try {
      removeDatabase(this.#file);
    } catch (error) {
      this.#service = StoreService.open({ file: this.#file, limits }, this.#now);
      throw new UserError(
        `The history file ${this.#file} cannot be deleted (${messageOf(error)}): change the permissions of its folder and try again.`,
      );
    }
  }
}
