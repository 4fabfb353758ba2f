'use client';
import { IconButton } from '#components/parts/icon-button.tsx';
import { setValue, type GridColumn } from './data.ts';

interface Given {
  row: number;
  columns: GridColumn[];
  text(column: number): string | null;
  onClose(): void;
}

/** One row, a line a column, each value in full. Arrows in the grid go on to the next row. */
export function RowCard({ row, columns, text, onClose }: Given) {
  return (
    <div className="rowcard" role="dialog" aria-label={`Row ${row + 1}`}>
      <header>
        <b>Row {(row + 1).toLocaleString('en-GB')}</b>
        <IconButton icon="x" label="Close the row" keys="space" onClick={onClose} />
      </header>
      <dl className="kv">
        {columns.map((column, index) => {
          const value = text(index);
          return (
            <div key={index}>
              <dt className="mono">{column.name}</dt>
              <dd>
                {value === null ? (
                  <i className="null">null</i>
                ) : value === '' ? (
                  <i className="null">""</i>
                ) : (
                  setValue(value, column)
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
