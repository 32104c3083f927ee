const NICE_STEPS = [1, 2, 2.5, 5, 10] as const;
const MIN_DOMAIN_MS = 0.01;

/** Round marks for an axis from 0 to `domainMs`, about `wanted` of them, 0 included, the end left out when it would crowd. */
export function axisTicks(domainMs: number, wanted: number): readonly number[] {
  const domain = Math.max(domainMs, MIN_DOMAIN_MS);
  const step = niceStep(domain / Math.max(1, wanted));
  const ticks: number[] = [];
  for (let index = 0; index * step < domain * 0.999; index += 1) ticks.push(index * step);
  return ticks;
}

function niceStep(rough: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const nice = NICE_STEPS.find((step) => step * magnitude >= rough * 0.999) ?? 10;
  return nice * magnitude;
}

/**
 * The axis of something still running. It keeps its end until that is reached and then leaps ahead, so that what has
 * finished stands still while open bars grow.
 */
export function growDomain(currentMs: number, elapsedMs: number): number {
  if (elapsedMs <= currentMs) return currentMs;
  const roomy = elapsedMs * 1.5;
  const step = niceStep(roomy / 4);
  return Math.ceil(roomy / step) * step;
}

export interface BarPlace {
  /** Fractions of the axis, 0 to 1. */
  readonly left: number;
  readonly width: number;
}

export function placeBar(startMs: number, endMs: number, domainMs: number): BarPlace {
  const domain = Math.max(domainMs, MIN_DOMAIN_MS);
  const left = clamp(startMs / domain);
  return { left, width: Math.max(0, clamp(endMs / domain) - left) };
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}

const LOG_FLOOR_MS = 0.5;
const LOG_CEILING_MS = 30_000;

/** How much of a small bar a duration fills, on a fixed logarithmic scale so that rows stay comparable as new ones come. */
export function durationFill(millis: number): number {
  if (millis <= LOG_FLOOR_MS) return 0.04;
  const span = Math.log(LOG_CEILING_MS / LOG_FLOOR_MS);
  return Math.max(0.04, clamp(Math.log(millis / LOG_FLOOR_MS) / span));
}

const FULL_INDENT_LEVELS = 6;
const INDENT_PX = 14;
const DEEP_INDENT_PX = 3;
const MAX_INDENT_FRACTION = 0.45;

/** Indentation in pixels: full steps first, small ones when deep, never more than a share of the column, so names stay. */
export function indentOf(depth: number, columnPx: number): number {
  const full = Math.min(depth, FULL_INDENT_LEVELS) * INDENT_PX;
  const deep = Math.max(0, depth - FULL_INDENT_LEVELS) * DEEP_INDENT_PX;
  return Math.min(full + deep, Math.floor(columnPx * MAX_INDENT_FRACTION));
}
