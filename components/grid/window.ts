/*
 * Which rows a scroll position shows. Browsers stop at some height (8 to 33 million px), so beyond `tallest` the
 * scrolled box is shorter than the rows and its positions are scaled; every row is still reached.
 */

export const tallest = 8_000_000;

export interface Rows {
  count: number;
  /** px */
  rowHeight: number;
  /** Height of the part that shows rows, px. */
  viewHeight: number;
}

/** The height the scrolled box is given. */
export function boxHeight({ count, rowHeight }: Pick<Rows, 'count' | 'rowHeight'>): number {
  return Math.min(count * rowHeight, tallest);
}

/** How many px of rows one px of scrolling stands for; 1 until the box would be too tall. */
export function scaleOf(rows: Rows): number {
  const real = rows.count * rows.rowHeight;
  const box = boxHeight(rows);
  if (real <= box) return 1;
  return (real - rows.viewHeight) / (box - rows.viewHeight);
}

/** Rows to draw, [first, last), and where the first stands in the box. */
export interface Shown {
  first: number;
  last: number;
  /** px from the top of the box. */
  top: number;
}

/** What is shown at an offset into the rows (px of rows, not of the box). */
export function rowsAt(offset: number, rows: Rows, overscan = 4): Shown {
  const most = Math.max(0, rows.count * rows.rowHeight - rows.viewHeight);
  const at = Math.min(Math.max(0, offset), most);
  const first = Math.max(0, Math.floor(at / rows.rowHeight) - overscan);
  const last = Math.min(rows.count, Math.ceil((at + rows.viewHeight) / rows.rowHeight) + overscan);
  return { first, last, top: at / scaleOf(rows) - (at - first * rows.rowHeight) };
}

/** The offset that brings a row wholly into view, changing as little as may be. */
export function offsetFor(row: number, offset: number, rows: Rows): number {
  const top = row * rows.rowHeight;
  if (top < offset) return top;
  const bottom = top + rows.rowHeight - rows.viewHeight;
  return bottom > offset ? bottom : offset;
}
