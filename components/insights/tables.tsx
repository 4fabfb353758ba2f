import Link from 'next/link';
import { DataTable } from '#components/parts/table.tsx';
import { percent, took, whole } from '#components/parts/words.ts';
import type { ChartUse } from './charts.tsx';

type Names = Record<string, string>;

/** From which notebooks charts come. */
export function ChartNotebooks({ charts, names }: { charts: ChartUse; names: Names }) {
  const all = charts.shown + charts.edited;
  const head = (
    <>
      <th>notebook</th>
      <th className="num">charts</th>
      <th className="num">of all</th>
      <th className="num">people</th>
    </>
  );
  return (
    <DataTable label="Charts by notebook" head={head}>
      {charts.notebooks.slice(0, 10).map((notebook) => (
        <tr key={notebook.id}>
          <td className="wrap">
            <Link className="rowlink" href={`/notebooks/${notebook.id}`}>
              {names[notebook.id] ?? 'a notebook that is gone'}
            </Link>
          </td>
          <td className="num">{whole(notebook.charts)}</td>
          <td className="num sec">{percent(notebook.charts, all, 1)}</td>
          <td className="num">{whole(notebook.people)}</td>
        </tr>
      ))}
    </DataTable>
  );
}

export interface RunUse {
  good: number;
  failed: number;
  cancelled: number;
  engines: { engine: string; good: number; failed: number; cancelled: number }[];
  who: { userId: string; runs: number; days: number }[];
}

const engineWords: Record<string, string> = {
  browser: 'Browser',
  warehouse: 'Warehouse',
  typescript: 'TypeScript',
  trino: 'Trino',
};

export function RunEngines({ runs }: { runs: RunUse }) {
  const head = (
    <>
      <th>engine</th>
      <th className="num">runs</th>
      <th className="num">good</th>
      <th className="num">failed</th>
      <th className="num">stopped</th>
    </>
  );
  return (
    <DataTable label="Runs by engine" head={head}>
      {runs.engines.map((each) => (
        <tr key={each.engine}>
          <td>{engineWords[each.engine] ?? each.engine}</td>
          <td className="num">{whole(each.good + each.failed + each.cancelled)}</td>
          <td className="num">{whole(each.good)}</td>
          <td className="num">{whole(each.failed)}</td>
          <td className="num">{whole(each.cancelled)}</td>
        </tr>
      ))}
      <tr className="sum">
        <td>all</td>
        <td className="num">{whole(runs.good + runs.failed + runs.cancelled)}</td>
        <td className="num">{whole(runs.good)}</td>
        <td className="num">{whole(runs.failed)}</td>
        <td className="num">{whole(runs.cancelled)}</td>
      </tr>
    </DataTable>
  );
}

export interface SlowQuery {
  sqlHash: string;
  notebookId: string;
  cellId: string | null;
  engine: string;
  runs: number;
  people: number;
  took: number;
}

/** The queries people wait for most. Only a hash of the text is known. */
export function SlowQueries({ slow, names }: { slow: SlowQuery[]; names: Names }) {
  const head = (
    <>
      <th>query</th>
      <th>notebook</th>
      <th className="wide">engine</th>
      <th className="num">median</th>
      <th className="num wide">runs</th>
      <th className="num wide">people</th>
    </>
  );
  return (
    <DataTable label="Slow queries" head={head}>
      {slow.map((query) => (
        <tr key={`${query.sqlHash} ${query.notebookId} ${query.engine}`}>
          <td className="mono mut">{query.sqlHash.slice(0, 8)}</td>
          <td className="wrap">
            <Link className="rowlink" href={`/notebooks/${query.notebookId}${query.cellId ? `#${query.cellId}` : ''}`}>
              {names[query.notebookId] ?? 'a notebook that is gone'}
            </Link>
          </td>
          <td className="sec wide">{engineWords[query.engine] ?? query.engine}</td>
          <td className="num">
            <Took milliseconds={query.took} />
          </td>
          <td className="num wide">{whole(query.runs)}</td>
          <td className="num wide">{whole(query.people)}</td>
        </tr>
      ))}
    </DataTable>
  );
}

function Took({ milliseconds }: { milliseconds: number }) {
  const { value, unit } = took(milliseconds);
  return (
    <>
      {value}
      <span className="unit">{unit}</span>
    </>
  );
}
