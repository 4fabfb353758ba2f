import { useEffect, useState } from 'react';
import type { ColumnShape } from '#components/grid/profile.tsx';
import type { ShownResult } from '#components/notebook/use-result.ts';
import { profileColumn } from '#lib/table/profile.ts';
import { shapeOf } from './shape.ts';

type Shapes = readonly (ColumnShape | null)[];
const none: Shapes = [];

/**
 * The shapes of a result's columns, a column at a time while the page is idle; never before its rows. The shapes of the
 * rows before stay until the new ones are known, as long as the columns are the same.
 */
export function useShapes(result: ShownResult): Shapes {
  const columns = result.columns.map((column) => `${column.name} ${column.type}`).join('\n');
  const [made, setMade] = useState<{ columns: string; shapes: Shapes }>({ columns: '', shapes: none });
  useEffect(() => {
    let gone = false;
    const measure = async () => {
      const shapes: ColumnShape[] = [];
      for (const [index, column] of result.columns.entries()) {
        await idle();
        if (gone) return;
        shapes.push(shapeOf(profileColumn(result.batches, index), column.type));
      }
      setMade({ columns, shapes });
    };
    if (result.rows > 0) void measure();
    return () => {
      gone = true;
    };
  }, [result, columns]);
  return made.columns === columns ? made.shapes : none;
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve(), { timeout: 500 });
    else setTimeout(resolve, 30);
  });
}
