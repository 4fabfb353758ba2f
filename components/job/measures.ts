import type { Provisional } from '#lib/job/view.ts';
import { kindOf } from '#lib/table/kind.ts';

/** What is drawn of each window: the sum of a numeric column of the output, how many rows, how many events. */
export interface Measure {
  /** `column:NAME`, `rows` or `events`. */
  value: string;
  label: string;
}

export function measuresOf(columns: readonly { name: string; type: string }[]): Measure[] {
  const numbers = columns.filter(({ name, type }) => kindOf(type) === 'number' && !name.startsWith('window_'));
  return [
    ...numbers.map(({ name }) => ({ value: `column:${name}`, label: `Sum of ${name}` })),
    { value: 'rows', label: 'Rows' },
    { value: 'events', label: 'Events' },
  ];
}

/** The column's name; null where rows or events are counted. */
export function columnOf(measure: string): string | null {
  return measure.startsWith('column:') ? measure.slice('column:'.length) : null;
}

/** The sum over the rows so far of the window that starts then; null where not all of them are here. */
export function sumSoFar(column: string, windowStart: string, provisional: Provisional | null): string | null {
  if (!provisional?.complete || provisional.windowStart !== windowStart) return null;
  const at = provisional.columns.findIndex(({ name }) => name === column);
  return at < 0 ? null : exactSum(provisional.rows.flatMap((row) => row[at] ?? []));
}

/** Adds exact texts without losing a digit of whole numbers and decimals; null of none. */
export function exactSum(values: readonly string[]): string | null {
  if (values.length === 0) return null;
  if (values.some((value) => !/^-?\d+(\.\d+)?$/.test(value)))
    return String(values.reduce((total, value) => total + Number(value), 0));
  const places = Math.max(...values.map((value) => value.split('.')[1]?.length ?? 0));
  const total = values.reduce((sum, value) => {
    const [whole = '', part = ''] = value.split('.');
    return sum + BigInt(whole + part.padEnd(places, '0'));
  }, 0n);
  if (places === 0) return String(total);
  const digits = String(total < 0n ? -total : total).padStart(places + 1, '0');
  return `${total < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
