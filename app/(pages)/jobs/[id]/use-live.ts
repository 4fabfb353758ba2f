'use client';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { readLive, readProvisional } from '#lib/client/api/jobs.ts';
import type { LineState } from '#lib/client/changes.ts';
import { useChanges } from '#lib/client/use-changes.ts';
import { whileVisible } from '#lib/client/visible.ts';
import type { JobView, LiveView, Provisional } from '#lib/job/view.ts';

export interface LiveState {
  live: LiveView | null;
  provisional: Provisional | null;
  line: LineState;
  /** When it was last asked. */
  now: string;
}

const everyMs = 1000;

interface Asked {
  job: JobView;
  /** It was deleted: nothing more is asked. */
  isGone: boolean;
  /** When the job was read first. */
  first: string;
}

interface Told {
  onCommit(): Promise<void>;
  onTurn(): Promise<void>;
}

/**
 * How a real-time job stands, asked for each second while the page is seen. `onCommit` when it published something,
 * `onTurn` when it became another: stopped, taken over, drained.
 */
export function useLive({ job, isGone, first }: Asked, on: Told): LiveState {
  const [live, setLive] = useState(job.live);
  const [provisional, setProvisional] = useState<Provisional | null>(null);
  const [at, setAt] = useState(first);
  const asked = useRef('');
  const look = useEffectEvent(async () => {
    const now = await readLive(job.id);
    if (!now.ok) {
      if (now.problem.status === 404) await on.onTurn();
      return;
    }
    const next = now.value;
    // Its runs first: a window that was open a moment ago is among them now, and never in neither place.
    if (turnOf(next) !== turnOf(live)) await on.onTurn();
    else if (commitOf(next) !== commitOf(live)) await on.onCommit();
    setLive(next);
    setAt(new Date().toISOString());
    // Without another event, or another watermark, it is what it was.
    const state = [next.end, next.watermark, next.open[0]?.windowStart].join();
    if (next.open.length === 0 || state === asked.current) return;
    const open = await readProvisional(job.id);
    if (!open.ok) return;
    asked.current = state;
    setProvisional(open.value);
  });
  useEffect(() => (isGone ? undefined : whileVisible(() => look(), everyMs)), [isGone]);
  const line = useChanges(
    job.projectId,
    ({ datasetId }) => datasetId === job.datasetId,
    () => void on.onCommit(),
  );
  return { live, provisional: openStill(provisional, live), line, now: at };
}

/** What was open when it was asked may be published since. */
function openStill(provisional: Provisional | null, live: LiveView | null): Provisional | null {
  return live?.open.some((open) => open.windowStart === provisional?.windowStart) ? provisional : null;
}

function commitOf(live: LiveView | null): string {
  return live ? [live.position, live.rowsOut, live.late].join() : '';
}

function turnOf(live: LiveView | null): string {
  return live ? [live.node, live.trouble?.code, live.next?.version, live.notices[0]?.id].join() : '';
}
