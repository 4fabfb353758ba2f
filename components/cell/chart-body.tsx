'use client';
import type { Cell } from '#lib/notebook/cell.ts';

export function ChartBody({ cell }: { cell: Cell }) {
  return <p className="mut">{cell.chart?.title}</p>;
}
