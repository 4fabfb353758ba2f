import type { NotebookStore } from '#lib/client/notebook/store.ts';
import type { CellSpec } from '#lib/notebook/cell.ts';
import { chartFor } from './chart-for.ts';
import type { Desk } from './desk.ts';
import { enterText, focusCell } from './focus.ts';

/** Adds a cell and goes into its text, ready to be written. A chart takes the rows of a cell above it. */
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
