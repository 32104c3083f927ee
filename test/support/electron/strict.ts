/**
 * A part of Electron with only these members. Reading or setting any other throws, so that code under test cannot come
 * to rely on something whose behaviour the double does not have.
 */
export function strict<T extends object>(name: string, members: Partial<T>): T {
  return new Proxy(members, {
    get(target, property) {
      if (Reflect.has(target, property)) return Reflect.get(target, property) as unknown;
      // Asked of everything: by await, by console and by assertions.
      if (typeof property === 'symbol' || property === 'then' || property === 'toJSON') return undefined;
      throw new Error(`The Electron double has no ${name}.${property}: add it with Electron's own behaviour.`);
    },
    set(_target, property) {
      throw new Error(`The Electron double does not allow setting ${name}.${String(property)}.`);
    },
  }) as T;
}

type Listener = (...args: never[]) => unknown;

/** Listeners by event, for a part of Electron that has just these events. */
export interface Events {
  readonly on: (event: string, listener: Listener) => void;
  readonly once: (event: string, listener: Listener) => void;
  /** Calls the listeners in order; a thrown error comes out. */
  readonly emit: (event: string, ...args: readonly unknown[]) => void;
  /** How many listeners an event has. */
  readonly count: (event: string) => number;
}

export function createEvents(name: string, known: readonly string[]): Events {
  const listeners = new Map<string, { readonly call: (...args: readonly unknown[]) => unknown; once: boolean }[]>();
  const add = (event: string, listener: Listener, once: boolean): void => {
    if (!known.includes(event)) throw new Error(`The Electron double has no event '${event}' on ${name}.`);
    const call = listener as (...args: readonly unknown[]) => unknown;
    listeners.set(event, [...(listeners.get(event) ?? []), { call, once }]);
  };
  return {
    on: (event, listener) => {
      add(event, listener, false);
    },
    once: (event, listener) => {
      add(event, listener, true);
    },
    emit(event, ...args) {
      const present = listeners.get(event) ?? [];
      listeners.set(
        event,
        present.filter(({ once }) => !once),
      );
      for (const { call } of present) call(...args);
    },
    count: (event) => listeners.get(event)?.length ?? 0,
  };
}

/** An event that listeners may prevent, as Electron passes it. */
export interface PreventableEvent {
  readonly preventDefault: () => void;
  readonly defaultPrevented: boolean;
}

export function preventableEvent<T extends object>(params: T): PreventableEvent & T {
  let prevented = false;
  return {
    ...params,
    preventDefault() {
      prevented = true;
    },
    get defaultPrevented() {
      return prevented;
    },
  };
}
