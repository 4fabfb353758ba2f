import type { RecordBatch, Schema } from 'apache-arrow';
import { kindOf, type GridColumn, type GridData } from '#components/grid/data.ts';
import type { SortKey } from '#components/grid/order.ts';
import { textReader, type TextReader } from '#lib/table/text.ts';
import { measureReader } from '#lib/table/value.ts';

/** Arrow batches as rows of a grid. Nothing is copied: texts are read when they are shown. */
export interface Rows {
  schema: Schema;
  batches: readonly RecordBatch[];
  columns: readonly { name: string; type: string }[];
}

export function toGridData({ schema, batches, columns }: Rows): GridData {
  const starts = startsOf(batches);
  const readers: (TextReader | undefined)[][] = batches.map(() => []);
  const read = (batch: number, column: number) =>
    (readers[batch]![column] ??= textReader(batches[batch]!.data.children[column]!));
  return {
    rows: starts.at(-1)!,
    columns: schema.fields.map((field, index) => toColumn(field.name, columns[index]?.type ?? String(field.type))),
    text(row, column) {
      const batch = batchOf(starts, row);
      return batch < 0 ? null : read(batch, column)(row - starts[batch]!);
    },
    keys: (column) => batches.flatMap((batch, index) => keysOf(batch, column, read(index, column))),
  };
}

function toColumn(name: string, type: string): GridColumn {
  return { name, type, kind: kindOf(type) };
}

/** The first row of each batch, and the number of all rows at the end. */
function startsOf(batches: readonly RecordBatch[]): number[] {
  const starts = [0];
  for (const batch of batches) starts.push(starts.at(-1)! + batch.numRows);
  return starts;
}

/** Which batch holds a row; -1 when none does. */
function batchOf(starts: readonly number[], row: number): number {
  if (row < 0 || row >= starts.at(-1)!) return -1;
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What a batch's rows are sorted by: what can be measured exactly by its measure, the rest by its text. */
function keysOf(batch: RecordBatch, column: number, read: TextReader): SortKey[] {
  const data = batch.data.children[column]!;
  const measure = measureReader(data);
  if (!measure) return rowsOf(batch, read);
  return rowsOf(batch, (row) => (data.getValid(row) ? measure(row) : null));
}

function rowsOf(batch: RecordBatch, key: (row: number) => SortKey): SortKey[] {
  return Array.from({ length: batch.numRows }, (_, row) => key(row));
}
