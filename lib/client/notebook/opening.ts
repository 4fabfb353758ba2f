import type { Cell } from '#lib/notebook/cell.ts';
import type { Graph } from '#lib/notebook/graph.ts';
import { isRunnable } from '#lib/notebook/run.ts';

/**
 * The cells to run as a notebook opens: those that run in this tab and read nothing that must run elsewhere. Empty
 * cells and cells with problems wait for people.
 */
export function cellsToRunOnOpen(cells: readonly Cell[], graph: Graph): string[] {
  const known = new Map<string, boolean>();
  const isLocal = (id: string): boolean => {
    const node = graph.get(id);
    if (!node || node.isInCycle || node.problems.length > 0) return false;
    if (node.engine === 'warehouse' || node.engine === 'trino') return false;
    if (!known.has(id)) known.set(id, node.reads.every(isLocal));
    return known.get(id)!;
  };
  const isWritten = (cell: Cell) => (cell.chart ? cell.chart.from !== '' : cell.source.trim() !== '');
  return cells.filter((cell) => isRunnable(cell.type) && isWritten(cell) && isLocal(cell.id)).map((cell) => cell.id);
}
