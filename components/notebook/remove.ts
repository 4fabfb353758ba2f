import { showToast } from '#components/parts/toasts.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';
import { neighbour, type Desk } from './desk.ts';
import { focusCell } from './focus.ts';

/** Deletes a cell, goes to its neighbour, and says how to have it back. */
export function removeCell(store: NotebookStore, desk: Desk, id: string): void {
  const { cells } = store.snapshot();
  const cell = cells.find((each) => each.cell.id === id)?.cell;
  const next = neighbour(
    cells.map((each) => each.cell.id),
    id,
  );
  store.act.remove(id);
  if (next) queueMicrotask(() => focusCell(desk, next));
  else desk.set({ current: null });
  showToast({ text: cell?.name ? `Cell ${cell.name} deleted` : 'Cell deleted', undo: () => store.act.undo() });
}
