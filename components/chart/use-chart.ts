import { useMemo } from 'react';
import { useView } from '#components/notebook/context.tsx';
import { useResult, useShownResult, type ShownResult } from '#components/notebook/use-result.ts';
import { chartQuery } from '#lib/chart/query.ts';
import type { CellView, NotebookView } from '#lib/client/notebook/store.ts';
import type { ChartSpec } from '#lib/notebook/cell.ts';

/** The rows a chart is drawn from: a cell's, or a whole dataset or file. */
export interface Source {
  columns: readonly { name: string; type: string }[];
  rows: number;
  complete: boolean;
  asOf: string;
}

/** What there is to draw: the chart's own answer, the rows it was asked of, and why it cannot be drawn. */
export interface Drawing {
  answer: ShownResult | null;
  source: Source | null;
  /** What is still to be chosen, or is gone. */
  reason: string | null;
  warnings: string[];
}

/** The rows are grouped by the store (lib/chart tells it how); here they are only looked at. */
export function useChart(cellId: string, spec: ChartSpec): Drawing {
  const sourceId = useView((view) => view.cells.find((each) => isSource(each, spec.from))?.cell.id ?? null);
  const table = useView((view) => tableIn(view, spec.from));
  const shown = useShownResult(cellId, false);
  const answer = shown?.asOf ? shown : null;
  const rows = useResult(sourceId);
  return useMemo(() => {
    const source = sourceId === null ? table && toSource(table, answer) : rows;
    return drawingOf(spec, source, answer, sourceId !== null || table !== null);
  }, [spec, sourceId, table, rows, answer]);
}

function isSource({ cell }: CellView, name: string): boolean {
  return cell.name === name && (cell.type === 'sql' || cell.type === 'typescript');
}

type Table = NotebookView['files'][number] | NotebookView['datasets'][number];

function tableIn({ datasets, files }: NotebookView, name: string): Table | null {
  return files.find((each) => each.name === name) ?? datasets.find((each) => each.name === name) ?? null;
}

function toSource({ columns, rows }: Table, answer: ShownResult | null): Source {
  return { columns, rows, complete: true, asOf: answer?.asOf ?? '' };
}

function drawingOf(spec: ChartSpec, source: Source | null, answer: ShownResult | null, isKnown: boolean): Drawing {
  const not = (reason: string | null) => ({ answer: null, source, reason, warnings: [] });
  if (!spec.from) return not('Choose the cell whose rows to draw.');
  if (!isKnown) return not(`There is no ${spec.from} (any more). Choose another.`);
  if (!source) return not(null);
  const query = chartQuery(spec, source);
  return query.ok ? { answer, source, reason: null, warnings: query.warnings } : not(query.reason);
}

export function isDrawn(drawing: Drawing): drawing is Drawing & { source: Source; answer: ShownResult } {
  return drawing.reason === null && drawing.answer !== null && drawing.source !== null;
}
