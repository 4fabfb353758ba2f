'use client';
import { useMemo } from 'react';
import { VegaView } from '#components/chart/vega-view.tsx';
import { isDrawn, useChart, type Drawing } from '#components/chart/use-chart.ts';
import { useHere } from '#components/notebook/context.tsx';
import { Honesty } from '#components/parts/honesty.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { clock, whole } from '#components/parts/words.ts';
import { setValue } from '#components/grid/data.ts';
import { chartRows } from '#lib/chart/rows.ts';
import { toVegaLite } from '#lib/chart/vega.ts';
import type { RunView } from '#lib/client/notebook/store.ts';
import type { Cell, ChartSpec } from '#lib/notebook/cell.ts';
import { textAt } from '#lib/table/text.ts';
import { Failure } from './failure.tsx';
import { Spans } from './spans.tsx';

/** A chart: the finding, the measure, the marks, and how far they can be trusted. No frame. */
export function ChartBody({ cell, run }: { cell: Cell; run: RunView }) {
  const spec = cell.chart!;
  const drawing = useChart(cell.id, spec);
  return (
    <>
      <figure className="chart-fig">
        {spec.title && <div className="fig-t">{spec.title}</div>}
        {spec.subtitle && <div className="fig-s">{spec.subtitle}</div>}
        {run.state === 'failed' && run.error ? (
          <Failure cell={cell} error={run.error} />
        ) : (
          <Marks spec={spec} name={cell.name} drawing={drawing} />
        )}
      </figure>
      {isDrawn(drawing) && <ChartFoot drawing={drawing} />}
    </>
  );
}

interface MarksGiven {
  spec: ChartSpec;
  name: string;
  drawing: Drawing;
}

function Marks({ spec, name, drawing }: MarksGiven) {
  const { reason, answer } = drawing;
  const vega = useMemo(
    () => (answer && spec.type !== 'number' ? toVegaLite(spec, answer.columns, chartRows(answer.batches)) : null),
    [answer, spec],
  );
  if (reason) return <p className="chart-none">{reason}</p>;
  if (!answer) return <p className="chart-none">Nothing is drawn yet: run {spec.from} first.</p>;
  if (spec.type === 'number') return <Tile spec={spec} drawing={drawing} />;
  return vega && <VegaView spec={vega} label={spec.title || `Chart ${name}`} height={264} />;
}

/** One number, exact. */
function Tile({ spec, drawing: { answer } }: { spec: ChartSpec; drawing: Drawing }) {
  const batch = answer?.batches.find((each) => each.numRows > 0);
  const text = batch ? textAt(batch, 0, 0) : null;
  const column = { name: spec.y, type: '', kind: 'decimal' as const };
  return <p className="figure-number">{text === null ? <i className="null">null</i> : setValue(text, column)}</p>;
}

/** The honesty of the rows it was drawn from, below the chart as below their grid. */
function ChartFoot({ drawing }: { drawing: Drawing & { source: NonNullable<Drawing['source']> } }) {
  const { zone } = useHere();
  const { answer, source, warnings } = drawing;
  const spans = answer?.spans ?? [];
  return (
    <footer className="foot">
      <Honesty rows={source.rows} complete={source.complete} />
      <span>
        <b>{whole(source.rows)}</b> {source.rows === 1 ? 'row' : 'rows'} drawn
      </span>
      {source.asOf && spans.length === 0 && (
        <span>
          as of <b>{clock(source.asOf, zone, true)}</b>
        </span>
      )}
      <Spans spans={spans} />
      {warnings.map((warning) => (
        <span key={warning} className="st-warn">
          <Mark state="warned" label="" /> {warning}
        </span>
      ))}
    </footer>
  );
}
