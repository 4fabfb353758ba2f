'use client';
import { Mark } from '#components/parts/mark.tsx';
import { count } from '#components/parts/words.ts';
import type { ChartSpec } from '#lib/notebook/cell.ts';
import { useChart } from './use-chart.ts';

/** How many rows make how many marks, and what to be wary of. */
export function PointsWords({ cellId, spec }: { cellId: string; spec: ChartSpec }) {
  const { answer, source, reason, warnings } = useChart(cellId, spec);
  if (reason) return <p>{reason}</p>;
  if (!answer || !source) return <p>Run {spec.from} to see it drawn.</p>;
  const marks = answer.batches.reduce((sum, batch) => sum + batch.numRows, 0);
  return (
    <>
      <p>
        {count(source.rows, 'row')} {source.rows === 1 ? 'makes' : 'make'} {count(marks, 'mark')}. Grouped in the
        browser; no query was sent.
      </p>
      {warnings.map((warning) => (
        <p key={warning} className="st-warn">
          <Mark state="warned" label="" /> {warning}
        </p>
      ))}
    </>
  );
}
