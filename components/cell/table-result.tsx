'use client';
import { memo, useMemo, useState } from 'react';
import { Grid } from '#components/grid/grid.tsx';
import type { Sort } from '#components/grid/order.ts';
import type { ShownResult } from '#components/notebook/use-result.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { Foot } from './foot.tsx';
import { toGridData } from './table-data.ts';
import { useOrderOf } from './use-order-of.ts';
import { useShapes } from './use-shapes.ts';

interface Given {
  cell: Cell;
  result: ShownResult;
}

/** Rows of a result in the grid, and the line that says how far they can be trusted. */
export const TableResult = memo(
  function TableResult({ cell, result }: Given) {
    const data = useMemo(() => toGridData(result), [result]);
    const [sort, setSort] = useState<Sort | null>(null);
    const { order, sorting } = useOrderOf(data, sort);
    const shapes = useShapes(result);
    return (
      <Grid
        data={data}
        label={`Rows of ${cell.name}`}
        order={order}
        sort={sort}
        onSort={setSort}
        profiles={shapes}
        profiled={data.rows > 0}
        renderFoot={(total) => (
          <>
            {data.rows === 0 && (
              <p className="norow">No row came back. It ran to its end; its conditions matched nothing.</p>
            )}
            <Foot cell={cell} result={result} total={total} sorting={sorting} sorted={sort !== null} />
          </>
        )}
      />
    );
  },
  (a, b) => a.result === b.result && a.cell.name === b.cell.name && a.cell.type === b.cell.type,
);
