/** Runs one action after the other; one that fails does not stop the next. */
export type InTurn = <T>(action: () => Promise<T>) => Promise<T>;

export function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (action) => {
    const turn = last.then(action);
    // Whoever asked for it hears of its failure; the next one only waits for its end.
    last = turn.catch(() => undefined);
    return turn;
  };
}
