import { setValue, type GridData } from './data.ts';

const letter = 6.7;
const least = 64;
const most = 340;
const sampled = 60;

/** The width of each column, px: wide enough for its head and its first values, no wider than `most`. */
export function widthsOf(data: GridData): number[] {
  return data.columns.map((column, index) => {
    let longest = column.name.length + 4;
    for (let row = 0; row < Math.min(sampled, data.rows); row++) {
      const text = data.text(row, index);
      if (text !== null) longest = Math.max(longest, setValue(text, column).length);
    }
    return Math.round(Math.min(most, Math.max(least, longest * letter + 22)));
  });
}

/** Shares what is left of the frame among the columns, so that the table is never narrower than it. */
export function stretched(widths: readonly number[], room: number): number[] {
  const sum = widths.reduce((total, width) => total + width, 0);
  const left = Math.floor(room - sum);
  if (left <= 0 || widths.length === 0) return [...widths];
  return widths.map((width) => width + left / widths.length);
}

/** The width of the row numbers. */
export function numbersWidth(rows: number): number {
  return Math.max(30, String(rows).length * 7 + 14);
}
