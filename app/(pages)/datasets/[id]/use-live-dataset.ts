'use client';
import { useEffect, useRef, useState } from 'react';
import type { DatasetGiven } from '#components/dataset/dataset.tsx';
import { eachWords } from '#components/job/words.ts';
import { readJob } from '#lib/client/api/jobs.ts';
import { call } from '#lib/client/call.ts';
import type { LineState } from '#lib/client/changes.ts';
import { firstRows, summarize } from '#lib/client/rows.ts';
import { useChanges } from '#lib/client/use-changes.ts';

export type DatasetHere = DatasetGiven['dataset'] & { id: string; projectId: string };

interface Given {
  dataset: DatasetHere;
  windows: DatasetGiven['windows'];
}

/** A summary reads all rows; above this it is not made by itself. */
const cheap = 5_000_000;
const shown = 100;

/** ms between two readings of what costs more than rows: the coverage, the summary of all columns. */
const slowly = 10_000;

export interface LiveDataset extends Given {
  rows: DatasetGiven['rows'];
  facts: DatasetGiven['facts'];
  line: LineState;
}

/** The dataset as it stands, its first rows and what its columns hold: read again when it is published. */
export function useLiveDataset(given: Given): LiveDataset {
  const { id, projectId } = given.dataset;
  const [now, setNow] = useState(given);
  const [from, setFrom] = useState(given);
  // The page was told anew, as after its description was changed.
  if (from !== given && from.dataset !== given.dataset) {
    setFrom(given);
    setNow(given);
  }
  const line = useChanges(
    projectId,
    ({ datasetId }) => datasetId === id,
    () =>
      void call<DatasetHere>('GET', `/api/datasets/${id}`).then((answer) => {
        if (answer.ok) setNow((before) => ({ ...before, dataset: answer.value }));
      }),
  );
  const windows = useWindows(now);
  return { ...now, windows, line, ...useRows(now.dataset) };
}

/** The first rows at once, and, where it is cheap, what the columns hold a little later. */
function useRows(dataset: DatasetHere): Pick<LiveDataset, 'rows' | 'facts'> {
  const [rows, setRows] = useState<DatasetGiven['rows']>();
  const [facts, setFacts] = useState<DatasetGiven['facts']>(null);
  useEffect(() => {
    const gone = new AbortController();
    reading(gone, async () => {
      const answer = await firstRows(dataset.id, shown, gone.signal);
      setRows(answer.ok ? answer.value : { problem: answer.problem.detail });
    });
    return () => gone.abort();
  }, [dataset]);
  useSlowly(dataset, ({ projectId, name, rows: total }, gone) =>
    reading(gone, async () => {
      if (total > 0 && total <= cheap) setFacts(await summarize(projectId, name, gone.signal));
    }),
  );
  return { rows, facts };
}

/** The coverage of a job's output, a little later than its rows. */
function useWindows({ dataset, windows }: Given): DatasetGiven['windows'] {
  const [read, setRead] = useState<DatasetGiven['windows']>(null);
  const isFirst = useRef(true);
  useSlowly(dataset, ({ jobId }, gone) => {
    if (isFirst.current || !jobId) {
      isFirst.current = false;
      return;
    }
    void readJob(jobId).then((answer) => {
      if (!answer.ok || gone.signal.aborted || answer.value.datasetId !== dataset.id) return;
      const { window, spec, timeZone, coverage } = answer.value;
      setRead({ unit: window.unit, each: eachWords(spec), zone: timeZone, all: coverage });
    });
  });
  return read ?? windows;
}

/** Calls at once and for each newer version of the dataset, but not before the time has passed that slow things are given. */
function useSlowly(dataset: DatasetHere, read: (dataset: DatasetHere, gone: AbortController) => void): void {
  const at = useRef(0);
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  useEffect(() => {
    const gone = new AbortController();
    const begin = () => {
      at.current = Date.now();
      latest.current(dataset, gone);
    };
    const timer = setTimeout(begin, Math.max(0, at.current + slowly - Date.now()));
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [dataset]);
}

function reading(gone: AbortController, read: () => Promise<void>): void {
  read().catch((error: unknown) => {
    if (!gone.signal.aborted) throw error;
  });
}
