import { toRefusal, type Refusal } from './call.ts';

export const rowFormats = [
  { label: 'CSV', ending: 'csv', type: 'text/csv' },
  { label: 'Parquet', ending: 'parquet', type: 'application/vnd.apache.parquet' },
  { label: 'Arrow', ending: 'arrows', type: 'application/vnd.apache.arrow.stream' },
] as const;
export type RowFormat = (typeof rowFormats)[number];

/** Saves all rows of a dataset as a file. Null when it worked. */
export async function downloadRows(dataset: { id: string; name: string }, format: RowFormat): Promise<Refusal | null> {
  const response = await fetch(`/api/datasets/${dataset.id}/rows`, { headers: { accept: format.type } }).catch(
    () => null,
  );
  if (!response) return broken;
  if (!response.ok) return toRefusal(response);
  const blob = await response.blob().catch(() => null);
  if (!blob) return broken;
  save(blob, `${dataset.name}.${format.ending}`);
  return null;
}

const broken: Refusal = {
  status: 0,
  code: 'broken-off',
  detail: 'The connection broke before all rows were here. No file was saved; try again.',
};

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
