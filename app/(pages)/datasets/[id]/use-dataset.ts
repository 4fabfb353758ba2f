'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useMemo, useState } from 'react';
import { useCommands, type Command } from '#components/frame/commands.ts';
import { call, type Answer } from '#lib/client/call.ts';
import { downloadRows, type RowFormat } from '#lib/client/download.ts';

interface Dataset {
  id: string;
  projectId: string;
  name: string;
  rows: number;
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
