import { useEffect, useState } from 'react';

const STEP_MS = 500;

/** This machine's clock in milliseconds since 1970, read twice a second while `active`. */
export function useNow(active: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!active) return undefined;
    const read = (): void => {
      setNow(Date.now());
    };
    // At once as well: what is counted down may have been set long after the last reading.
    const first = setTimeout(read);
    const timer = setInterval(read, STEP_MS);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [active]);
  return now;
}
