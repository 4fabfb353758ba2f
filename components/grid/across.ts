/** Columns to draw, [first, last). */
export interface Across {
  first: number;
  last: number;
}

/** Where each column begins, and the width of all at the end, px. */
export function edgesOf(widths: readonly number[]): number[] {
  const edges = [0];
  for (const width of widths) edges.push(edges.at(-1)! + width);
  return edges;
}

/** The columns that touch a stretch of the width, and two more on each side. */
export function columnsAt(edges: readonly number[], left: number, width: number, overscan = 2): Across {
  const count = edges.length - 1;
  let first = 0;
  while (first < count && edges[first + 1]! <= left) first++;
  let last = first;
  while (last < count && edges[last]! < left + width) last++;
  return { first: Math.max(0, first - overscan), last: Math.min(count, last + overscan) };
}
