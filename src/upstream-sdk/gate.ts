import { AsyncResource } from 'node:async_hooks';
import type { ProcessTracing } from './process-tracing.ts';

/** What may wait until OpenTelemetry is loaded; when more comes, all of it goes on without spans. */
const MOST_WAITING = 1_000;

/**
 * Lets messages through once it is known whether they are traced, in the order in which they came and each in the
 * asynchronous context in which it came. What handling one of those that waited throws goes to `onError`, as nobody is
 * there to catch it.
 */
export function createGate(tracing: ProcessTracing, onError: (error: unknown) => void): (pass: () => void) => void {
  const waiting: (() => void)[] = [];
  let isOpen = tracing.current !== undefined;

  function open(): void {
    for (let pass = waiting.shift(); pass !== undefined; pass = waiting.shift()) {
      try {
        pass();
      } catch (error) {
        onError(error);
      }
    }
    isOpen = true;
  }

  if (!isOpen) void tracing.ready.then(open);
  return (pass) => {
    if (isOpen) {
      pass();
      return;
    }
    waiting.push(AsyncResource.bind(pass));
    if (waiting.length >= MOST_WAITING) open();
  };
}
