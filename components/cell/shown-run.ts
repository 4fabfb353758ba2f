import { useEffect, useRef, useState } from 'react';
import type { RunView } from '#lib/client/notebook/store.ts';

/** A run shorter than this never shows that it ran: what was there stays until the new result replaces it. */
export const patience = 300;

/** How long what is under way has been, and whether that is long enough to be seen. */
export function isSeen(run: RunView, now: number): boolean {
  if (run.state === 'queued') return false;
  return run.state !== 'running' || run.startedAt === null || now - run.startedAt >= patience;
}

/** The run as it is shown: the last settled one until the present one has lasted for 300 ms. */
export function useShownRun(run: RunView): RunView {
  const settled = useRef(run);
  const [, wake] = useState(0);
  const busy = run.state === 'queued' || run.state === 'running';
  const since = useRef<number | null>(null);
  if (!busy) {
    settled.current = run;
    since.current = null;
  } else since.current ??= run.startedAt ?? Date.now();
  const wait = busy ? Math.max(0, patience - (Date.now() - (since.current ?? 0))) : 0;
  useEffect(() => {
    if (!busy || wait === 0) return;
    const timer = setTimeout(() => wake((n) => n + 1), wait);
    return () => clearTimeout(timer);
  }, [busy, wait]);
  return busy && wait > 0 ? settled.current : run;
}

/** Milliseconds since a start, counted while it is shown. */
export function useElapsed(startedAt: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (startedAt === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [startedAt]);
  return startedAt === null ? 0 : Math.max(0, now - startedAt);
}
