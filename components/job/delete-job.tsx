'use client';
import { useState } from 'react';
import type { JobView } from '#lib/job/view.ts';
import { DeleteDialog } from '#components/parts/delete-dialog.tsx';
import { Segmented } from '#components/parts/segmented.tsx';
import { deletedWords, outputFate } from './delete-words.ts';
import type { DatasetFate } from '#lib/client/api/jobs.ts';

interface Given {
  job: JobView;
  /** In its dataset; null until they are known. */
  rows: number | null;
  busy: boolean;
  problem: string | null;
  onDelete(dataset: DatasetFate): void;
  onClose(): void;
}

const fates: { value: DatasetFate; label: string }[] = [
  { value: 'keep', label: 'It stays' },
  { value: 'delete', label: 'It goes too' },
];

/** What goes with the job is said, and whether its dataset does is asked. */
export function DeleteJob({ job, rows, onDelete, ...rest }: Given) {
  const [dataset, setDataset] = useState<DatasetFate>('keep');
  return (
    <DeleteDialog {...rest} title={`Delete the job ${job.name}?`} name={job.name} onDelete={() => onDelete(dataset)}>
      <p>{deletedWords(job)}</p>
      <div className="fate">
        <span className="sec">Its dataset</span>
        <Segmented label="Its dataset" value={dataset} choices={fates} onChange={(fate) => setDataset(fate)} />
        <p className={dataset === 'keep' ? 'mut' : 'st-warn'}>{outputFate(job, rows, dataset)}</p>
      </div>
    </DeleteDialog>
  );
}
