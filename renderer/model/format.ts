import type { UnixNano } from '../../src/shared/domain/ids.ts';

const MICROS_PER_MILLI = 1_000;
const MILLIS_PER_SECOND = 1_000;
const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3_600;
const NANOS_PER_MILLI = 1_000_000n;
const BYTES_PER_UNIT = 1_024;

/** A duration in milliseconds as a person reads it: three significant digits, one unit, two from a minute on. */
export function formatDuration(millis: number): string {
  if (!Number.isFinite(millis) || millis <= 0) return '0 ms';
  if (millis < 0.1) return `${String(Math.max(1, Math.round(millis * MICROS_PER_MILLI)))} µs`;
  if (millis < MILLIS_PER_SECOND) return `${threeDigits(millis)} ms`;
  const seconds = millis / MILLIS_PER_SECOND;
  if (seconds < SECONDS_PER_MINUTE) return `${threeDigits(seconds)} s`;
  if (seconds < SECONDS_PER_HOUR) return twoUnits(seconds, SECONDS_PER_MINUTE, 'm', 's');
  return twoUnits(seconds / SECONDS_PER_MINUTE, SECONDS_PER_MINUTE, 'h', 'm');
}

function threeDigits(value: number): string {
  if (value < 1) return value.toFixed(2);
  if (value < 99.95) return value.toFixed(1);
  return value.toFixed(0);
}

function twoUnits(small: number, perLarge: number, large: string, smallUnit: string): string {
  const whole = Math.floor(small);
  return `${String(Math.floor(whole / perLarge))} ${large} ${String(whole % perLarge).padStart(2, '0')} ${smallUnit}`;
}

/** A duration that is still growing: coarser, so that it does not flicker. */
export function formatRunning(millis: number): string {
  if (millis < MILLIS_PER_SECOND) return `${String(Math.max(0, Math.floor(millis)))} ms`;
  const seconds = millis / MILLIS_PER_SECOND;
  if (seconds < SECONDS_PER_MINUTE) return `${seconds.toFixed(1)} s`;
  return formatDuration(millis);
}

export function formatBytes(bytes: number): string {
  if (bytes < BYTES_PER_UNIT) return `${String(bytes)} B`;
  const kilo = bytes / BYTES_PER_UNIT;
  if (kilo < BYTES_PER_UNIT) return `${trim(kilo)} KB`;
  return `${trim(kilo / BYTES_PER_UNIT)} MB`;
}

function trim(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : many}`;
}

/** Wall-clock time of day, local, to the millisecond. */
export function formatClock(time: UnixNano): string {
  return formatClockMillis(Number(time / NANOS_PER_MILLI));
}

/** The same for milliseconds since 1970. */
export function formatClockMillis(millis: number): string {
  const date = new Date(millis);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** Date and time, local, to the microsecond. */
export function formatInstant(time: UnixNano): string {
  const date = new Date(Number(time / NANOS_PER_MILLI));
  const day = `${String(date.getFullYear())}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const micros = Number((time % NANOS_PER_MILLI) / 1_000n);
  return `${day} ${formatClock(time)}${pad(micros, 3)}`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

/** A mark on a time axis; all marks of one axis share its unit. */
export function formatTick(millis: number, domainMs: number): string {
  if (millis === 0) return '0';
  if (domainMs < 1) return `${bare(millis * MICROS_PER_MILLI)} µs`;
  if (domainMs < MILLIS_PER_SECOND) return `${bare(millis)} ms`;
  if (domainMs < 2 * SECONDS_PER_MINUTE * MILLIS_PER_SECOND) return `${bare(millis / MILLIS_PER_SECOND)} s`;
  return formatDuration(millis);
}

function bare(value: number): string {
  return String(Number(value.toPrecision(4)));
}
