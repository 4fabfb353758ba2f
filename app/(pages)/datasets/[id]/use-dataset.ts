'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useCommands, type Command } from '#components/frame/commands.ts';
import type { DatasetGiven } from '#components/dataset/dataset.tsx';
import { call, type Answer } from '#lib/client/call.ts';
import { downloadRows, type RowFormat } from '#lib/client/download.ts';
import { firstRows, summarize } from '#lib/client/rows.ts';

interface Dataset {
  id: string;
  projectId: string;
  name: string;
  rows: number;
}

/** A summary reads all rows; above this it is not made by itself. */
const cheap = 5_000_000;
const shown = 100;

/** The first rows and, where it is cheap, what the columns hold; read again when the page is told of a new version. */
export function useRows(dataset: Dataset) {
  const [rows, setRows] = useState<DatasetGiven['rows']>();
  const [facts, setFacts] = useState<DatasetGiven['facts']>(null);
  useEffect(() => {
    const { id, projectId, name, rows: total } = dataset;
    const gone = new AbortController();
    const read = async () => {
      const answer = await firstRows(id, shown, gone.signal);
      setRows(answer.ok ? answer.value : { problem: answer.problem.detail });
      if (total > 0 && total <= cheap) setFacts(await summarize(projectId, name, gone.signal));
    };
    read().catch((error: unknown) => {
      if (!gone.signal.aborted) throw error;
    });
    return () => gone.abort();
  }, [dataset]);
  return { rows, facts };
}

export function useDatasetActs(dataset: Dataset, mayEdit: boolean) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const change = useCallback(async <T>(work: Promise<Answer<T>>): Promise<T | null> => {
    setBusy(true);
    const answer = await work;
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem.detail);
    return answer.ok ? answer.value : null;
  }, []);
  const { id, projectId, name } = dataset;
  const query = useCallback(async () => {
    const cell = { type: 'sql', engine: 'warehouse', source: `SELECT *\nFROM ${name}\nLIMIT 100` };
    const made = await change(
      call<{ id: string }>('POST', `/api/projects/${projectId}/notebooks`, { title: `About ${name}`, cells: [cell] }),
    );
    if (made) router.push(`/notebooks/${made.id}`);
  }, [change, projectId, name, router]);
  const commands = useMemo<Command[]>(
    () =>
      mayEdit
        ? [
            {
              id: 'query',
              group: 'Do',
              label: `Query ${name} in a notebook`,
              icon: 'notebook-text',
              keys: 'q',
              bound: true,
              run: () => void query(),
            },
          ]
        : [],
    [mayEdit, name, query],
  );
  useCommands(commands);
  const acts = {
    query: () => void query(),
    download: (format: RowFormat) => {
      setBusy(true);
      void downloadRows(dataset, format).then((refused) => {
        setBusy(false);
        setProblem(refused?.detail ?? null);
      });
    },
    describe: (description: string) =>
      void change(call('PATCH', `/api/datasets/${id}`, { description })).then(() => router.refresh()),
    remove: () =>
      void change(call<null>('DELETE', `/api/datasets/${id}`)).then((done) => {
        if (done !== null) router.push(`/projects/${projectId}/datasets`);
      }),
  };
  return { busy, problem, acts };
}
