import type { Data, RecordBatch } from 'apache-arrow';
import { typeOf } from '#lib/table/column.ts';
import { kindOf } from '#lib/table/kind.ts';
import { textReader } from '#lib/table/text.ts';
import { numberReader } from '#lib/table/value.ts';

export type ChartRow = Record<string, string | number | boolean | null>;

/** A chart query's answer as Vega reads it: numbers as numbers, times as milliseconds, the rest as text. */
export function chartRows(batches: readonly RecordBatch[]): ChartRow[] {
  const rows: ChartRow[] = [];
  for (const batch of batches) {
    const readers = batch.schema.fields.map((field, index) => ({
      name: field.name,
      read: reader(typeOf(field), batch.data.children[index]!),
    }));
    for (let row = 0; row < batch.numRows; row++) {
      rows.push(Object.fromEntries(readers.map(({ name, read }) => [name, read(row)])));
    }
  }
  return rows;
}

function reader(type: string, data: Data): (row: number) => string | number | null {
  return ['number', 'time'].includes(kindOf(type)) ? numberReader(data) : textReader(data);
}
