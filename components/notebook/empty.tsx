'use client';
import { useMemo } from 'react';
import { useCommands, type Command } from '#components/frame/commands.ts';
import { Empty } from '#components/parts/empty.tsx';
import { addCell } from './add-cell.ts';
import { useHere, useMayEdit } from './context.tsx';

/** An empty notebook teaches its first step. */
export function EmptyNotebook() {
  const mayEdit = useMayEdit();
  return <div className="nb-empty">{mayEdit ? <FirstSteps /> : <NothingYet />}</div>;
}

function NothingYet() {
  return <Empty title="An empty notebook">Nothing is written here yet.</Empty>;
}

/** There is no cell for keys to act on yet, so the first steps bring their own. */
function FirstSteps() {
  const { store, desk } = useHere();
  const [query, write] = useMemo<Command[]>(
    () => [
      {
        id: 'first-query',
        group: 'Do',
        label: 'Query a dataset',
        icon: 'database',
        keys: 's',
        bound: true,
        run: () => addCell(store, desk, { type: 'sql' }, {}),
      },
      {
        id: 'first-text',
        group: 'Do',
        label: 'Write the question down first',
        icon: 'text',
        keys: 'm',
        bound: true,
        run: () => addCell(store, desk, { type: 'markdown' }, {}),
      },
    ],
    [store, desk],
  ) as [Command, Command];
  useCommands(useMemo(() => [query, write], [query, write]));
  return (
    <Empty
      title="An empty notebook"
      steps={[
        toStep(query),
        { icon: 'upload', label: 'Drop a CSV, Parquet, Arrow or NDJSON file here' },
        toStep(write),
      ]}
    >
      Start from data, or from a question.
    </Empty>
  );
}

function toStep({ icon, label, keys, run }: Command) {
  return { icon: icon ?? 'plus', label, keys, onSelect: () => run?.() } as const;
}
