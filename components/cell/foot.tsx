'use client';
import { useHere, useMayEdit } from '#components/notebook/context.tsx';
import { addCell } from '#components/notebook/add-cell.ts';
import { useFrame } from '#components/frame/use-layout.ts';
import { Button } from '#components/parts/button.tsx';
import { Honesty } from '#components/parts/honesty.tsx';
import { Menu } from '#components/parts/menu.tsx';
import { clock, count, whole } from '#components/parts/words.ts';
import { setValue } from '#components/grid/data.ts';
import type { Total } from '#components/grid/total.ts';
import type { ShownResult } from '#components/notebook/use-result.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { ClusterFacts } from './cluster-facts.tsx';
import { exportArrow, exportCsv } from './export.ts';
import { Kept } from './kept.tsx';
import { Spans } from './spans.tsx';

interface Given {
  cell: Cell;
  result: ShownResult;
  total: Total | null;
  sorting: boolean;
  sorted: boolean;
}

/** The honesty line: whether it is the whole of it, how much, as of when; what is selected adds up to. */
export function Foot({ cell, result, total, sorting, sorted }: Given) {
  const { zone } = useHere();
  return (
    <footer className="foot">
      {result.asOf ? (
        <Honesty rows={result.rows} complete={result.complete} isOfPart={result.isOfPart} />
      ) : (
        <span>Rows are coming in</span>
      )}
      <span>
        <b>{whole(result.rows)}</b> {result.rows === 1 ? 'row' : 'rows'}, <b>{result.columns.length}</b>{' '}
        {result.columns.length === 1 ? 'column' : 'columns'}
      </span>
      {result.asOf && result.spans.length === 0 && (
        <span>
          as of <b>{clock(result.asOf, zone, true)}</b>
        </span>
      )}
      <Spans spans={result.spans} />
      {result.cachedAt ? (
        <Kept cellId={cell.id} cachedAt={result.cachedAt} />
      ) : (
        result.cluster && <ClusterFacts cluster={result.cluster} took={result.took} />
      )}
      {sorting && <span>sorting {count(result.rows, 'row')}</span>}
      {sorted && !sorting && !result.complete && <span className="st-warn">sorted within these rows only</span>}
      {total && <Selected total={total} complete={result.complete} />}
      <FootActs cell={cell} result={result} />
    </footer>
  );
}

function Selected({ total, complete }: { total: Total; complete: boolean }) {
  const number = { name: '', type: '', kind: 'decimal' as const };
  return (
    <span className="selected" role="status">
      <b>{whole(total.count)}</b> selected
      {total.sum !== null && (
        <>
          , sum {!total.exact && 'about '}
          <b>{setValue(total.sum, number)}</b>, mean <b>{setValue(total.mean ?? '', number)}</b>
        </>
      )}
      {!complete && <span className="st-warn"> of the first rows only</span>}
    </span>
  );
}

function FootActs({ cell, result }: { cell: Cell; result: ShownResult }) {
  const { store, desk } = useHere();
  const { showPanel } = useFrame();
  const mayEdit = useMayEdit();
  const chart = () => {
    addCell(store, desk, { type: 'chart', chart: { from: cell.name } }, { after: cell.id });
    showPanel();
  };
  return (
    <span className="acts">
      {mayEdit && (
        <Button kind="bare" size="small" icon="chart-line" onClick={chart}>
          Chart
        </Button>
      )}
      <Menu
        items={[
          { label: 'CSV', icon: 'file-spreadsheet', onSelect: () => exportCsv(cell.name, result) },
          { label: 'Arrow', icon: 'database', onSelect: () => exportArrow(cell.name, result) },
        ]}
      >
        <Button kind="bare" size="small" icon="download">
          Export
        </Button>
      </Menu>
    </span>
  );
}
