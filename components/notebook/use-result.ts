import { useState } from 'react';
import type { Result } from '#lib/client/notebook/store.ts';
import { useHere, useView } from './context.tsx';

/** A result as it was at one moment: the store goes on filling its own while rows come in. */
export type ShownResult = Omit<Result, 'hash'>;

/** The rows of a cell as they are shown; another object only when they are others. */
export function useResult(cellId: string | null): ShownResult | null {
  const { store } = useHere();
  const revision = useView((view) => view.cells.find((each) => each.cell.id === cellId)?.run.revision ?? -1);
  const live = cellId === null ? null : store.result(cellId);
  const rows = live?.rows ?? -1;
  const [kept, setKept] = useState(() => ({ live, revision, rows, shown: live && copyOf(live) }));
  if (kept.live === live && kept.revision === revision && kept.rows === rows) return kept.shown;
  const shown = live && copyOf(live);
  setKept({ live, revision, rows, shown });
  return shown;
}

/** Rows in sight in a grid: with fewer, a result that comes in would make the page shorter for a moment. */
const inSight = 8;

/**
 * The rows to show while a cell may be running: the last whole result until the new one is whole, or until it has been
 * waited for (`isSeen`) and has as many first rows as fill the same place.
 */
export function useShownResult(cellId: string, isSeen: boolean): ShownResult | null {
  const live = useResult(cellId);
  const [last, setLast] = useState(live);
  const isWhole = live === null || live.asOf !== '';
  if (isWhole && last !== live) setLast(live);
  if (isWhole || !last) return live;
  return isSeen && live.rows >= Math.min(inSight, last.rows) ? live : last;
}

function copyOf(result: Result): ShownResult {
  const { schema, rows, columns, complete, isOfPart, asOf, took, cluster, cachedAt, spans } = result;
  const lists = { batches: [...result.batches], logs: [...result.logs], values: [...result.values] };
  const facts = { schema, rows, columns, complete, isOfPart, asOf, took, cluster, cachedAt, spans };
  return { ...facts, ...lists, warnings: [...result.warnings] };
}
