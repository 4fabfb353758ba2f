import { useEffect, useState, type RefObject } from 'react';

/*
 * When editors may come by themselves: once the page says it is quiet (its first rows are shown), one after the other
 * in idle time, and only for cells in sight.
 */

let open: () => void = () => {};
let quiet: Promise<void> = new Promise((resolve) => {
  open = resolve;
});
let queue: Promise<void> = quiet;

/** The first rows are shown, or there are none to wait for. */
export function sayQuiet(): void {
  open();
}

/** Becomes true, and stays so, when an editor may be mounted in this box. */
export function useWarm(box: RefObject<HTMLElement | null>): boolean {
  const [warm, setWarm] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let gone = false;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watcher.disconnect();
        queue = queue.then(idle).then(() => {
          if (!gone) setWarm(true);
        });
      },
      { rootMargin: '200px' },
    );
    watcher.observe(element);
    return () => {
      gone = true;
      watcher.disconnect();
    };
  }, [box]);
  return warm;
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve(), { timeout: 1000 });
    else setTimeout(resolve, 50);
  });
}
