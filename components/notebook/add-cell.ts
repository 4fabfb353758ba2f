import type { NotebookStore } from '#lib/client/notebook/store.ts';
import type { CellSpec } from '#lib/notebook/cell.ts';
import type { Desk } from './desk.ts';
import { enterText, focusCell } from './focus.ts';

/** Adds a cell and goes into its text, ready to be written. A chart takes the rows of the cell above it. */
export function addCell(
  store: NotebookStore,
  desk: Desk,
  spec: CellSpec,
  place: { after?: string; before?: string },
): string {
  const id = store.act.add(
    spec.type === 'chart' && !spec.chart ? { ...spec, chart: chartFor(store, place) } : spec,
    place,
  );
  if (spec.type === 'chart') desk.set({ panel: 'chart' });
  if (spec.type === 'input') desk.set({ panel: 'input' });
  if (spec.type === 'markdown') desk.set({ current: id, writing: id });
  requestAnimationFrame(() => {
    focusCell(desk, id);
    if (spec.type !== 'chart') enterText(id);
  });
  return id;
}

function chartFor(store: NotebookStore, place: { after?: string; before?: string }): CellSpec['chart'] {
  const { cells } = store.snapshot();
  const at = cells.findIndex(({ cell }) => cell.id === (place.after ?? place.before));
  const above = at < 0 ? cells : cells.slice(0, place.after ? at + 1 : at);
  const source = above.findLast(({ cell }) => cell.type === 'sql' || cell.type === 'typescript');
  return source ? { from: source.cell.name } : {};
}
