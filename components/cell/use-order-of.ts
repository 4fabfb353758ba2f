import { useEffect, useState } from 'react';
import type { GridData } from '#components/grid/data.ts';
import { orderOf, type Sort } from '#components/grid/order.ts';

/** The rows' order for a sort, made in slices; the old order stays until the new one is whole. */
export function useOrderOf(data: GridData, sort: Sort | null): { order: Uint32Array | null; sorting: boolean } {
  const [made, setMade] = useState<{ data: GridData; sort: Sort | null; order: Uint32Array | null } | null>(null);
  useEffect(() => {
    if (!sort || sort.column >= data.columns.length) return;
    const asked = new AbortController();
    void orderOf(data.keys(sort.column), { descending: sort.descending, signal: asked.signal }).then((order) => {
      if (order) setMade({ data, sort, order });
    });
    return () => asked.abort();
  }, [data, sort]);
  const fits = made?.data === data;
  return { order: fits && sort ? made.order : null, sorting: sort !== null && !(fits && made.sort === sort) };
}
