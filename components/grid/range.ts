/** A cell of the grid: row as shown (after sorting), column as in the result; both from 0. */
export interface Spot {
  row: number;
  column: number;
}

/** A selected rectangle: where it began and where the cursor is. */
export interface Range {
  anchor: Spot;
  cursor: Spot;
}

export interface Bounds {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** All four edges are inside the range. */
export function boundsOf({ anchor, cursor }: Range): Bounds {
  return {
    top: Math.min(anchor.row, cursor.row),
    bottom: Math.max(anchor.row, cursor.row),
    left: Math.min(anchor.column, cursor.column),
    right: Math.max(anchor.column, cursor.column),
  };
}

export function isInside(bounds: Bounds, row: number, column: number): boolean {
  return row >= bounds.top && row <= bounds.bottom && column >= bounds.left && column <= bounds.right;
}

export function sizeOf(bounds: Bounds): number {
  return (bounds.bottom - bounds.top + 1) * (bounds.right - bounds.left + 1);
}

const steps: Record<string, [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export interface Extent {
  rows: number;
  columns: number;
  /** Rows that show at once. */
  page: number;
}

/** Where a key moves the cursor; null when it moves nothing. With `far` (⌘) it goes to the edge. */
export function moved(spot: Spot, key: string, extent: Extent, far = false): Spot | null {
  const step = steps[key];
  if (step) {
    const [rows, columns] = far ? [step[0] * extent.rows, step[1] * extent.columns] : step;
    return within({ row: spot.row + rows, column: spot.column + columns }, extent);
  }
  if (key === 'PageUp' || key === 'PageDown') {
    return within({ ...spot, row: spot.row + (key === 'PageUp' ? -extent.page : extent.page) }, extent);
  }
  if (key === 'Home') return within({ row: far ? 0 : spot.row, column: 0 }, extent);
  if (key === 'End') return within({ row: far ? extent.rows : spot.row, column: extent.columns }, extent);
  return null;
}

/** Tab-separated lines of a rectangle; tabs and line ends inside a value become blanks. */
export function toTsv(bounds: Bounds, text: (row: number, column: number) => string): string {
  const lines: string[] = [];
  for (let row = bounds.top; row <= bounds.bottom; row++) {
    const values: string[] = [];
    for (let column = bounds.left; column <= bounds.right; column++) {
      values.push(text(row, column).replace(/[\t\r\n]+/g, ' '));
    }
    lines.push(values.join('\t'));
  }
  return lines.join('\n');
}

function within(spot: Spot, extent: Extent): Spot {
  return {
    row: Math.min(Math.max(0, spot.row), Math.max(0, extent.rows - 1)),
    column: Math.min(Math.max(0, spot.column), Math.max(0, extent.columns - 1)),
  };
}
