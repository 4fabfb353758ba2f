'use client';
import { kindOf } from '#components/grid/data.ts';
import { columnIcons } from '#components/grid/head.tsx';
import { Button } from '#components/parts/button.tsx';
import { Icon } from '#components/parts/icon.tsx';
import { clock, count, date } from '#components/parts/words.ts';
import { bytesWords } from '#components/cell/words.ts';
import { rateWords } from '#components/stream/words.ts';
import type { NotebookView } from '#lib/client/notebook/store.ts';
import type { StreamHere } from '#lib/client/notebook/streams.ts';
import { addCell } from './add-cell.ts';
import { ClusterTable } from './cluster-table.tsx';
import { useDesk, useHere, useMayEdit, useView } from './context.tsx';
import { StreamReads } from './stream-reads.tsx';

interface Shown {
  name: string;
  rows: number;
  columns: { name: string; type: string }[];
  said: string;
}

/** The columns of a dataset or file, and a query to begin with. */
export function TablePanel() {
  const there = useDesk((state) => state.there);
  return there ? <ClusterTable there={there} /> : <OwnTable />;
}

function OwnTable() {
  const { store, desk, zone } = useHere();
  const mayEdit = useMayEdit();
  const name = useDesk((state) => state.table);
  const datasets = useView((view) => view.datasets);
  const files = useView((view) => view.files);
  const streams = useView((view) => view.streams);
  const stream = streams.find((each) => each.name === name);
  const table = stream ? toShown(stream) : tableOf({ datasets, files }, name, zone);
  if (!table)
    return <p className="none pad">Choose a dataset or a file in the sidebar; its columns will stand here.</p>;
  const { current } = desk.read();
  const query = () =>
    addCell(
      store,
      desk,
      { type: 'sql', source: `SELECT *\nFROM ${quoted(table.name)}\nLIMIT 100` },
      current ? { after: current } : {},
    );
  return (
    <>
      <div className="insp">
        <h2 className="mono">{table.name}</h2>
        <p className="sec">{table.said}</p>
      </div>
      {stream && <StreamReads stream={stream} />}
      <div className="insp">
        <h2>
          Columns <span>{table.columns.length}</span>
        </h2>
        <ul className="tree cols flush">
          {table.columns.map((column) => (
            <li key={column.name}>
              <Icon name={columnIcons[kindOf(column.type)]} size="small" />
              <span className="t">{column.name}</span>
              <span className="r ty ell">{column.type.toLowerCase()}</span>
            </li>
          ))}
        </ul>
      </div>
      {mayEdit && (
        <div className="insp">
          <Button size="small" icon="plus" onClick={query}>
            Query it below the current cell
          </Button>
        </div>
      )}
    </>
  );
}

function tableOf(
  { datasets, files }: Pick<NotebookView, 'datasets' | 'files'>,
  name: string | null,
  zone: string,
): Shown | null {
  const dataset = datasets.find((each) => each.name === name);
  if (dataset) {
    const at = `${date(dataset.updatedAt, zone)} ${clock(dataset.updatedAt, zone)}`;
    return { ...dataset, said: `${count(dataset.rows, 'row')}, version ${dataset.version}, written ${at}.` };
  }
  const file = files.find((each) => each.name === name);
  if (!file) return null;
  const said = `${count(file.rows, 'row')}, ${bytesWords(file.bytes)}, from ${file.fileName}. It is in this tab only.`;
  return { ...file, said };
}

function toShown({ name, columns, events, rate }: StreamHere): Shown {
  const said = `A stream: ${rateWords(rate)} events a second, ${count(events, 'event')} kept.`;
  return { name, rows: events, columns, said };
}

export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
