'use client';
import { Empty } from '#components/parts/empty.tsx';
import { addCell } from './add-cell.ts';
import { useHere, useMayEdit } from './context.tsx';

/** An empty notebook teaches its first step. */
export function EmptyNotebook() {
  const { store, desk } = useHere();
  const mayEdit = useMayEdit();
  if (!mayEdit)
    return (
      <div className="nb-empty">
        <Empty title="An empty notebook">Nothing is written here yet.</Empty>
      </div>
    );
  return (
    <div className="nb-empty">
      <Empty
        title="An empty notebook"
        steps={[
          {
            icon: 'database',
            label: 'Query a dataset',
            keys: 's',
            onSelect: () => addCell(store, desk, { type: 'sql' }, {}),
          },
          { icon: 'upload', label: 'Drop a CSV, Parquet, Arrow or NDJSON file here' },
          {
            icon: 'text',
            label: 'Write the question down first',
            keys: 'm',
            onSelect: () => addCell(store, desk, { type: 'markdown' }, {}),
          },
        ]}
      >
        Start from data, or from a question.
      </Empty>
    </div>
  );
}
