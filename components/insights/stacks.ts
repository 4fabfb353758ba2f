export interface Stacked {
  index: number;
  day: string;
  type: string;
  /** From 1, the data colours in order. */
  colour: number;
  from: number;
  to: number;
}

/** The types that have a colour of their own; what is drawn less often stands together as `others`. */
export function named(types: string[]): string[] {
  return types.length <= colours ? types : [...types.slice(0, colours - 1), 'others'];
}

const colours = 8;

/** Bars of the days, each type upon the one before; `most` is a round number at least as high as the highest bar. */
export function stacks(
  days: string[],
  counts: { day: string; type: string; charts: number }[],
  types: string[],
): { bars: Stacked[]; most: number } {
  const names = named(types);
  const found = new Map<string, number>();
  for (const { day, type, charts } of counts) {
    const key = `${day} ${names.includes(type) ? type : 'others'}`;
    found.set(key, (found.get(key) ?? 0) + charts);
  }
  const bars: Stacked[] = [];
  let highest = 0;
  days.forEach((day, index) => {
    let from = 0;
    names.forEach((type, place) => {
      const charts = found.get(`${day} ${type}`) ?? 0;
      if (charts) bars.push({ index, day, type, colour: place + 1, from, to: from + charts });
      from += charts;
    });
    highest = Math.max(highest, from);
  });
  return { bars, most: roundUp(highest) };
}

/** Even, so that half of it is whole, too. */
export function roundUp(value: number): number {
  if (value <= 2) return 2;
  const unit = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 8, 10].find((each) => each * unit >= value) ?? 10;
  return Math.max(2, step * unit + ((step * unit) % 2));
}
