/*
 * Scales of small charts: from zero to a round number, and a clock beneath. Pure; what draws is time-chart.tsx and whoever
 * draws bars.
 */

const steps = [1, 2, 2.5, 5, 10];

/** The top of an axis from zero: the next round number at or above, with room for half of it as a line between. */
export function roundTop(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return steps.map((step) => step * power).find((top) => top >= most * 0.999_999) ?? 10 * power;
}

/** A number on an axis: `0`, `0.5`, `400`, `4 k`, `1.2 M`; minus is −. */
export function axisText(value: number): string {
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  const [unit, per] = size >= 1e9 ? ['G', 1e9] : size >= 1e6 ? ['M', 1e6] : size >= 1e4 ? ['k', 1e3] : ['', 1];
  const text = String(Number((size / Number(per)).toPrecision(3)));
  return `${sign}${text}${unit ? ` ${unit}` : ''}`;
}

/** `count` instants from `from` to `to`, the ends among them. */
export function evenly(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));
}

/** Values by the minute, one for each minute of `[from, to]`; what nobody noted is `absent`. */
export function byMinute(
  noted: readonly { minute: string; value: number }[],
  from: number,
  to: number,
  absent = 0,
): number[] {
  const known = new Map(noted.map(({ minute, value }) => [Math.floor(Date.parse(minute) / 60_000), value]));
  const [first, last] = [Math.floor(from / 60_000), Math.floor(to / 60_000)];
  return Array.from({ length: last - first + 1 }, (_, index) => known.get(first + index) ?? absent);
}
