import type { RuntimeServices } from '../services.ts';
import type { Implementers } from './context.ts';

/** Every page may ask what is hidden and why; only one that may manage changes it, or sees what was hidden (S5). */
export function redactionOperations(
  { redaction }: Pick<RuntimeServices, 'redaction'>,
  { everyPage, managingPage }: Implementers,
) {
  return {
    watch: everyPage.redaction.watch.handler(({ input, signal }) =>
      redaction.watch(input.cursor, input.waitMs, signal),
    ),
    save: managingPage.redaction.save.handler(async ({ input }) => {
      await redaction.save(input);
      return null;
    }),
    rescrub: managingPage.redaction.rescrub.handler(() => {
      redaction.rescrub();
      return null;
    }),
    test: everyPage.redaction.test.handler(({ input }) => redaction.test(input.text, input.policy)),
    explain: everyPage.redaction.explain.handler(({ input }) => redaction.explain(input.key, input.value)),
    hints: everyPage.redaction.hints.handler(({ input }) => redaction.hints(input.traceId, input.spanId)),
    trail: everyPage.redaction.trail.handler(({ input }) => redaction.trail(input.hash)),
    reveal: managingPage.redaction.reveal.handler(({ input }) => {
      redaction.reveal(input.isOn);
      return null;
    }),
    revealed: managingPage.redaction.revealed.handler(({ input }) => redaction.revealed(input.hash)),
  };
}
