import { useEffect, useEffectEvent } from 'react';

/** Calls back on every animation frame while `active`; asks for no frame otherwise. */
export function useFrame(active: boolean, onFrame: () => void): void {
  const run = useEffectEvent(onFrame);
  useEffect(() => {
    if (!active) return undefined;
    let handle = requestAnimationFrame(function next() {
      run();
      handle = requestAnimationFrame(next);
    });
    return () => {
      cancelAnimationFrame(handle);
    };
  }, [active]);
}
