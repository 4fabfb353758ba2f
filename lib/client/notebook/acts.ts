import type { Doc } from 'yjs';
import { suggestChart } from '#lib/chart/suggest.ts';
import type { Cell, CellSpec } from '#lib/notebook/cell.ts';
import * as edit from '#lib/notebook/edit.ts';
import type { Result } from './store.ts';

export interface EditParts {
  doc: Doc;
  origin: unknown;
  cells(): readonly Cell[];
  result(cellId: string): Result | null;
  /** False: nothing is written, and undo has nothing to take back. */
  mayEdit: boolean;
  /** Called before a step that is to be taken back by itself. */
  step(): void;
}

/** The acts that write the document, each with this tab's origin. Who may only read writes nothing. */
export function editActs({ doc, origin, cells, result, mayEdit, step }: EditParts) {
  const write = <T>(otherwise: T, act: () => T): T => {
    if (!mayEdit) return otherwise;
    step();
    return act();
  };
  return {
    add: (spec: CellSpec, place: { after?: string; before?: string }) =>
      write('', () => edit.insertCell(doc, completeChart(spec, place, cells(), result), place, origin)),
    remove: (id: string) => write(undefined, () => edit.removeCell(doc, id, origin)),
    move: (id: string, by: -1 | 1) => write(undefined, () => moveBy(doc, cells(), id, by, origin)),
    rename: (id: string, name: string) => write(undefined, () => edit.renameCell(doc, id, name, origin)),
    setSource: (id: string, source: string) => write(undefined, () => edit.setSource(doc, id, source, origin)),
    setTitle: (title: string) => write(undefined, () => edit.setTitle(doc, title, origin)),
    setEngine: (id: string, given: Parameters<typeof edit.setEngine>[2]) =>
      write(undefined, () => edit.setEngine(doc, id, given, origin)),
    setChart: (id: string, change: Parameters<typeof edit.setChart>[2]) =>
      write(undefined, () => edit.setChart(doc, id, change, origin)),
    setInput: (id: string, change: Parameters<typeof edit.setInput>[2]) =>
      write(undefined, () => edit.setInput(doc, id, change, origin)),
    duplicate: (id: string) => write('', () => edit.duplicateCell(doc, id, origin)),
  };
}

function moveBy(doc: Doc, cells: readonly Cell[], id: string, by: -1 | 1, origin: unknown): void {
  const neighbour = cells[cells.findIndex((cell) => cell.id === id) + by];
  if (!neighbour || !cells.some((cell) => cell.id === id)) return;
  edit.moveCell(doc, id, by < 0 ? { before: neighbour.id } : { after: neighbour.id }, origin);
}

/** A new chart draws the rows nearest above it, in the way their columns suggest. */
function completeChart(
  spec: CellSpec,
  place: { after?: string; before?: string },
  cells: readonly Cell[],
  result: (id: string) => Result | null,
): CellSpec {
  if (spec.type !== 'chart' || spec.chart?.from) return spec;
  const end = place.after
    ? cells.findIndex((cell) => cell.id === place.after) + 1
    : cells.findIndex((cell) => cell.id === place.before);
  const above = cells.slice(0, end > 0 ? end : cells.length);
  const source = above.findLast((cell) => cell.type === 'sql' || cell.type === 'typescript');
  if (!source) return spec;
  const columns = result(source.id)?.columns ?? [];
  const suggested = columns.length > 0 ? suggestChart(source.name, columns) : { from: source.name };
  return { ...spec, chart: { ...suggested, ...spec.chart } };
}
