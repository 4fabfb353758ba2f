import type { Coverage } from '#lib/job/view.ts';
import type { WindowSpec, WindowUnit } from '#lib/job/spec.ts';

/**
 * The coverage of a job as a calendar: a row a month with its days; a row a day with its hours; a row a year with its weeks or
 * months. Windows of minutes and seconds have a row for as long as holds at most 72 of them, the latest row first.
 */
export interface Calendar {
  /** Of the columns. */
  heads: string[];
  corner: string;
  rows: { label: string; cells: (Coverage | null)[] }[];
}

interface Place {
  row: string;
  column: number;
}

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `local` says what the clock on the job's wall shows at the start of a window: `2026-10-19 14:00:30`. */
export function toCalendar(coverage: Coverage[], spec: WindowSpec, local: (instant: string) => string): Calendar {
  const ruler = rulerOf(spec);
  if (ruler) return toClockCalendar(coverage, ruler, local);
  const { unit } = spec;
  const placed = coverage.map((entry) => ({ entry, ...place(local(entry.windowStart), unit) }));
  const columns = headsOf(unit);
  return {
    heads: columns,
    corner: coverage[0] ? local(coverage[0].windowStart).slice(0, 4) : '',
    rows: rowsOf(placed, columns.length, (row) => labelOf(row, unit)),
  };
}

type Placed = Place & { entry: Coverage };

function rowsOf(placed: Placed[], columns: number, label: (row: string) => string): Calendar['rows'] {
  return [...new Set(placed.map(({ row }) => row))].map((row) => {
    const cells = Array.from({ length: columns }, (): Coverage | null => null);
    for (const each of placed) if (each.row === row) cells[each.column] = each.entry;
    return { label: label(row), cells };
  });
}

/** Seconds of one window and of one row. */
interface Ruler {
  window: number;
  row: number;
}

const mostColumns = 72;

/** Windows told by the time of day are measured along rows; null where rows are those of the calendar. */
function rulerOf({ unit, size, every = 1 }: WindowSpec): Ruler | null {
  const seconds = { second: 1, minute: 60, hour: 3600 }[unit as 'second'] ?? 0;
  if (!seconds || (unit === 'hour' && (every !== size || size === 1))) return null;
  const window = seconds * every;
  const row = [86_400, 3600, 600].find((each) => each / window <= mostColumns) ?? 600;
  return { window, row };
}

function toClockCalendar(coverage: Coverage[], { window, row }: Ruler, local: (instant: string) => string): Calendar {
  const placed = coverage.map((entry) => {
    const text = local(entry.windowStart);
    const second = Number(text.slice(11, 13)) * 3600 + Number(text.slice(14, 16)) * 60 + Number(text.slice(17, 19));
    const from = Math.floor(second / row) * row;
    return { entry, row: `${text.slice(0, 10)} ${timeText(from)}`, column: Math.floor((second - from) / window) };
  });
  const columns = Array.from({ length: Math.ceil(row / window) }, (_, index) => offsetLabel(index * window, row));
  const lastDay = placed.at(-1)?.row.slice(0, 10) ?? '';
  const label = (text: string) =>
    row === 86_400 ? text.slice(0, 10) : text.startsWith(lastDay) ? text.slice(11) : text.slice(5);
  const rows = rowsOf(placed, columns.length, label).reverse();
  return { heads: columns, corner: row === 86_400 ? '' : 'from', rows };
}

function timeText(second: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(second / 3600))}:${two(Math.floor((second % 3600) / 60))}`;
}

/** Of a column: the hour of a day, `:05` in an hour, minutes after the row's time in ten minutes; '' between round ones. */
function offsetLabel(second: number, row: number): string {
  const minute = second / 60;
  if (row === 86_400) return minute % 60 === 0 ? String(minute / 60) : '';
  if (row === 3600) return minute % 5 === 0 ? `:${String(minute).padStart(2, '0')}` : '';
  return second % 60 === 0 ? `+${minute}` : '';
}

/** How many windows of each state, the quiet first. */
export function stateCounts(coverage: Coverage[]): [Coverage['state'], number][] {
  const order: Coverage['state'][] = ['good', 'warned', 'failed', 'queued', 'running', 'absent'];
  const count = (state: Coverage['state']) => coverage.filter((entry) => entry.state === state).length;
  return order.map((state): [Coverage['state'], number] => [state, count(state)]).filter(([, number]) => number > 0);
}

function place(text: string, unit: WindowUnit): Place {
  const [year, month, day, hour] = [
    text.slice(0, 4),
    text.slice(0, 7),
    Number(text.slice(8, 10)),
    Number(text.slice(11, 13)),
  ];
  switch (unit) {
    case 'second':
    case 'minute':
    case 'hour':
      return { row: text.slice(0, 10), column: hour };
    case 'day':
      return { row: month, column: day - 1 };
    case 'week':
      return { row: year, column: weekOf(text) };
    case 'month':
      return { row: year, column: Number(text.slice(5, 7)) - 1 };
  }
}

function headsOf(unit: WindowUnit): string[] {
  const from = (first: number, length: number) => Array.from({ length }, (_, index) => String(first + index));
  switch (unit) {
    case 'second':
    case 'minute':
    case 'hour':
      return from(0, 24);
    case 'day':
      return from(1, 31);
    case 'week':
      return from(1, 53);
    case 'month':
      return monthNames.map((name) => name.slice(0, 3));
  }
}

function labelOf(row: string, unit: WindowUnit): string {
  return unit === 'day' ? (monthNames[Number(row.slice(5)) - 1] ?? row) : row;
}

/** How many Mondays of its year lie before this one. */
function weekOf(text: string): number {
  const dayOfYear =
    (Date.parse(`${text.slice(0, 10)}T00:00:00Z`) - Date.parse(`${text.slice(0, 4)}-01-01T00:00:00Z`)) / 86_400_000;
  return Math.floor(dayOfYear / 7);
}
