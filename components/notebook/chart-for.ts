import type { NotebookStore } from '#lib/client/notebook/store.ts';
import type { CellSpec } from '#lib/notebook/cell.ts';

/** What a chart put there draws: the nearest cell above that gives rows, or has not run and may. A single value is no rows. */
export function chartFor(
  store: Pick<NotebookStore, 'snapshot' | 'result'>,
  place: { after?: string; before?: string },
): CellSpec['chart'] {
  const { cells } = store.snapshot();
  const at = cells.findIndex(({ cell }) => cell.id === (place.after ?? place.before));
  const above = at < 0 ? cells : cells.slice(0, place.after ? at + 1 : at);
  const source = above.findLast(
    ({ cell }) => (cell.type === 'sql' || cell.type === 'typescript') && mayGiveRows(store, cell.id),
  );
  return source ? { from: source.cell.name } : {};
}

function mayGiveRows(store: Pick<NotebookStore, 'result'>, cellId: string): boolean {
  const result = store.result(cellId);
  return !result || result.asOf === '' || result.columns.length > 0;
}
