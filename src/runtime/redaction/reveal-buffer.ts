/** Secrets that are hidden, in memory and for a while, so that their owner can look at them. */
export interface RevealBuffer {
  readonly isOn: boolean;
  /** In milliseconds since the epoch; null while it is off. */
  readonly since: number | null;
  /** Older secrets that had to make room since it was turned on. */
  readonly dropped: number;
  turnOn(): void;
  /** Forgets everything. Idempotent. */
  turnOff(): void;
  keep(hash: string, secret: string): void;
  /** Null when it is not kept. */
  get(hash: string): string | null;
}

export interface RevealBufferOptions {
  readonly maxSecrets?: number;
  /** Of all secrets, in UTF-16 code units. */
  readonly maxLength?: number;
  /** It turns itself off when nobody asked for a secret for so long. */
  readonly idleMillis?: number;
  /** It was turned on, or off. */
  readonly onChange: () => void;
}

const MAX_SECRETS = 2_000;
const MAX_LENGTH = 1_000_000;
const IDLE_MILLIS = 15 * 60_000;

export function createRevealBuffer({
  maxSecrets = MAX_SECRETS,
  maxLength = MAX_LENGTH,
  idleMillis = IDLE_MILLIS,
  onChange,
}: RevealBufferOptions): RevealBuffer {
  const secrets = new Map<string, string>();
  let length = 0;
  let dropped = 0;
  let since: number | null = null;
  let idle: NodeJS.Timeout | undefined;

  function forget(hash: string): void {
    length -= secrets.get(hash)?.length ?? 0;
    secrets.delete(hash);
  }

  function turnOff(): void {
    clearTimeout(idle);
    secrets.clear();
    length = 0;
    if (since === null) return;
    since = null;
    onChange();
  }

  function beginIdling(): void {
    clearTimeout(idle);
    idle = setTimeout(turnOff, idleMillis).unref();
  }

  return {
    get isOn() {
      return since !== null;
    },
    get since() {
      return since;
    },
    get dropped() {
      return dropped;
    },
    turnOn() {
      beginIdling();
      if (since !== null) return;
      dropped = 0;
      since = Date.now();
      onChange();
    },
    turnOff,
    keep(hash, secret) {
      if (since === null) return;
      forget(hash);
      secrets.set(hash, secret);
      length += secret.length;
      for (const oldest of secrets.keys()) {
        if (secrets.size <= maxSecrets && length <= maxLength) return;
        forget(oldest);
        dropped += 1;
      }
    },
    get(hash) {
      if (since !== null) beginIdling();
      return secrets.get(hash) ?? null;
    },
  };
}
