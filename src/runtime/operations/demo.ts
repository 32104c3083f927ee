import type { RuntimeServices } from '../services.ts';
import type { Implementers } from './context.ts';

export function demoOperations({ demo }: Pick<RuntimeServices, 'demo'>, { managingPage }: Implementers) {
  return {
    play: managingPage.demo.play.handler(async () => {
      await demo.play();
      return null;
    }),
  };
}
