import type { Coverage } from '#lib/job/view.ts';
import type { WindowUnit } from '#lib/job/spec.ts';

/** The coverage of a job as a calendar: a row a month with its days (seconds: a row a minute, minutes: a row an hour, hours: a row a day; weeks and months: a row a year). */
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

/** `local` says what the clock on the job's wall shows at the start of a window: `2026-10-19 14:00`. */
export function toCalendar(coverage: Coverage[], unit: WindowUnit, local: (instant: string) => string): Calendar {
  const placed = coverage.map((entry) => ({ entry, ...place(local(entry.windowStart), unit) }));
  const columns = headsOf(unit);
  const rows = [...new Set(placed.map(({ row }) => row))].map((row) => {
    const cells = columns.map((): Coverage | null => null);
    for (const each of placed) if (each.row === row) cells[each.column] = each.entry;
    return { label: labelOf(row, unit), cells };
  });
  return { heads: columns, corner: local(coverage[0]?.windowStart ?? '').slice(0, 4), rows };
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
      return { row: text.slice(0, 16), column: Number(text.slice(17, 19)) };
    case 'minute':
      return { row: text.slice(0, 13), column: Number(text.slice(14, 16)) };
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
      return from(0, 60);
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
