import { whole } from '#components/parts/words.ts';
import type { CellView, NotebookStore, NotebookView } from '#lib/client/notebook/store.ts';
import type { WindowUnit } from '#lib/job/spec.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { toRows } from '#lib/table/text.ts';

/*
 * What the notebook shows for a window, to be compared with what the server makes of it: the cell's rows as exact texts,
 * and the window as the inputs window_start and window_end say it.
 */

const mostRows = 10_000;

export interface ShownTable {
  columns: { name: string; type: string }[];
  rows: (string | null)[][];
  complete: boolean;
  windowStart?: string;
  windowEnd?: string;
}

/** Null where there is nothing to compare: no rows, rows from before an edit, or more than are sent. */
export function shownFor(store: NotebookStore, cell: Cell): ShownTable | null {
  const run = store.snapshot().cells.find((each) => each.cell.id === cell.id)?.run;
  const result = store.result(cell.id);
  if (!result || run?.state !== 'good' || result.rows > mostRows) return null;
  const { windowStart, windowEnd } = windowOf(store.snapshot().cells);
  return {
    columns: result.columns.map(({ name, type }) => ({ name, type })),
    rows: toRows(result.batches),
    complete: result.complete,
    ...(windowStart && { windowStart }),
    ...(windowEnd && { windowEnd }),
  };
}

/** `the 42 rows shown for 2026-11-20`, or null. */
export function shownWords(store: NotebookStore, cell: Cell): string | null {
  const shown = shownFor(store, cell);
  if (!shown) return null;
  const rows = `the ${whole(shown.rows.length)} ${shown.rows.length === 1 ? 'row' : 'rows'} shown here`;
  return shown.windowStart ? `${rows} for ${shown.windowStart}` : rows;
}

/** The window the notebook's inputs speak of. */
export function windowOf(cells: readonly CellView[]): { windowStart?: string; windowEnd?: string } {
  const value = (name: string) => {
    const found = cells.find(({ cell }) => cell.input && cell.name === name)?.cell.input?.value;
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  const windowStart = value('window_start');
  const windowEnd = value('window_end');
  return { ...(windowStart && { windowStart }), ...(windowEnd && { windowEnd }) };
}

const days: [WindowUnit, number][] = [
  ['month', 28],
  ['week', 7],
  ['day', 1],
];

/** The unit of the inputs' window; a day where they tell none. */
export function unitOf(cells: readonly CellView[]): WindowUnit {
  const { windowStart, windowEnd } = windowOf(cells);
  const length = windowStart && windowEnd ? (Date.parse(windowEnd) - Date.parse(windowStart)) / 86_400_000 : 1;
  if (!Number.isFinite(length)) return 'day';
  return days.find(([, least]) => length >= least)?.[0] ?? 'hour';
}

/** The cell's name where no dataset has it, else with a number. */
export function freeTarget(name: string, { datasets }: Pick<NotebookView, 'datasets'>): string {
  const taken = new Set(datasets.filter((each) => each.kind !== 'job').map((each) => each.name));
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}_${number}`)) number++;
  return `${name}_${number}`;
}
