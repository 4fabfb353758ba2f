import { formatText } from '#lib/table/format.ts';
import { kindOf } from '#lib/table/kind.ts';
import { Honesty } from '#components/parts/honesty.tsx';
import { clock } from '#components/parts/words.ts';
import { TypeIcon, type DatasetColumn } from './columns.tsx';

export interface RowsView {
  columns: DatasetColumn[];
  rows: unknown[][];
  complete: boolean;
  asOf: string;
}

/** The first rows as they are stored, with how much of the whole they are. */
export function RowsPreview({ rows: view, total, zone }: { rows: RowsView; total: number | null; zone: string }) {
  return (
    <>
      <div className="grid" tabIndex={0} role="region" aria-label="First rows">
        <table>
          <thead>
            <tr>
              <th>
                <span className="vh">row</span>
              </th>
              {view.columns.map((column) => (
                <th key={column.name} className={isNumber(column) ? 'num' : undefined}>
                  <span className="n">
                    <TypeIcon type={column.type} />
                    {column.name}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.rows.map((row, index) => (
              <tr key={index}>
                <td>{index + 1}</td>
                {view.columns.map((column, place) => (
                  <td key={column.name} className={isNumber(column) ? 'num' : undefined}>
                    <Value value={row[place]} type={column.type} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="foot">
        <Honesty rows={view.rows.length} complete={view.complete} of={total} />
        <span>
          as of <b>{clock(view.asOf, zone, true)}</b>
        </span>
      </div>
    </>
  );
}

function isNumber(column: DatasetColumn): boolean {
  return kindOf(column.type) === 'number';
}

function Value({ value, type }: { value: unknown; type: string }) {
  if (value === null || value === undefined) return <span className="null">null</span>;
  if (value === '') return <span className="mut">""</span>;
  if (typeof value === 'object') return <span className="mono">{JSON.stringify(value)}</span>;
  return formatText(String(value), type);
}
