import { useEffect, useState } from 'react';
import type { RunView } from '#lib/client/notebook/store.ts';

/** A run shorter than this (ms) never shows that it ran: what was there stays until the new result replaces it. */
export const patience = 300;

/** The run as it is shown: the last settled one until the present one has lasted for 300 ms. */
export function useShownRun(run: RunView): RunView {
  const busy = isBusy(run);
  const [settled, setSettled] = useState(run);
  const [waited, setWaited] = useState(false);
  if (!busy && settled !== run) setSettled(run);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setWaited(true), patience);
    return () => {
      clearTimeout(timer);
      setWaited(false);
    };
  }, [busy]);
  return shownOf(run, settled, waited);
}

export function shownOf(run: RunView, settled: RunView, waited: boolean): RunView {
  return isBusy(run) && !waited && !isBusy(settled) ? settled : run;
}

export function isBusy(run: RunView): boolean {
  return run.state === 'queued' || run.state === 'running';
}
