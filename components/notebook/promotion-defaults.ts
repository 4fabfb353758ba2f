import type { ShownRows } from '#lib/client/notebook/promote.ts';
import type { NotebookView } from '#lib/client/notebook/store.ts';
import type { CalendarUnit } from '#lib/job/spec.ts';
import type { ConnectionEntry } from '#lib/connection/view.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { whole } from '#components/parts/words.ts';

const days: [CalendarUnit, number][] = [
  ['month', 28],
  ['week', 7],
  ['day', 1],
];

/** The unit of the window the notebook shows; a day where it tells none. */
export function unitOf(shown: Pick<ShownRows, 'windowStart' | 'windowEnd'> | null): CalendarUnit {
  const { windowStart, windowEnd } = shown ?? {};
  const length = windowStart && windowEnd ? (Date.parse(windowEnd) - Date.parse(windowStart)) / 86_400_000 : 1;
  if (!Number.isFinite(length)) return 'day';
  return days.find(([, least]) => length >= least)?.[0] ?? 'hour';
}

/** `the 42 rows shown here for 2026-11-20`, or null where nothing can be compared. */
export function shownWords(shown: ShownRows | null): string | null {
  if (!shown) return null;
  const rows = `the ${whole(shown.rows.length)} ${shown.rows.length === 1 ? 'row' : 'rows'} shown here`;
  return shown.windowStart ? `${rows} for ${shown.windowStart}` : rows;
}

/** The cell's name where no dataset but a job's output has it, else with a number. */
export function freeTarget(name: string, { datasets }: Pick<NotebookView, 'datasets'>): string {
  const taken = new Set(datasets.filter((each) => !each.jobId).map((each) => each.name.toLowerCase()));
  const isFree = (target: string) => !taken.has(target.toLowerCase());
  if (isFree(name)) return name;
  let number = 2;
  while (!isFree(`${name}_${number}`)) number++;
  return `${name}_${number}`;
}

/** Where on the cell's connection jobs may write; null where they may not, or the cell runs elsewhere. */
export function writesOf(
  cell: Cell,
  connections: readonly ConnectionEntry[] | null,
): { connection: string; schema: string } | null {
  const found = connections?.find(({ id }) => cell.engine === 'trino' && id === cell.connection);
  return found?.writes ? { connection: found.name, schema: found.writes } : null;
}
