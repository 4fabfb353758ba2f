import type { Data, RecordBatch } from 'apache-arrow';
import { textReader } from './text.ts';
import { measureReader, toNumber, type Measure } from './value.ts';

/** What one column holds. Exact over the rows it saw; `seen` < `rows` when it took every so-manieth row only. */
export interface Profile {
  rows: number;
  seen: number;
  nulls: number;
  /** Different values; when not exact, at least so many. */
  distinct: number;
  isDistinctExact: boolean;
  /** Exact texts of the least and greatest value of a number or time. */
  min: string | null;
  max: string | null;
  /** At most 24 bins of equal width over numbers and times (milliseconds since 1970), `to` included in the last. */
  bins: { from: number; to: number; count: number }[];
  /** The most frequent values, when all different ones could be counted. */
  top: { text: string; count: number }[];
}

const most = { rows: 100_000, distinct: 10_000, bins: 24, top: 5 };

export function profileColumn(batches: readonly RecordBatch[], column: number, limit = most.rows): Profile {
  const rows = batches.reduce((sum, batch) => sum + batch.numRows, 0);
  const step = Math.max(1, Math.ceil(rows / limit));
  const counts = new Counts();
  const extent = new Extent();
  const numbers: number[] = [];
  let seen = 0;
  let nulls = 0;
  for (const { data, row } of sampled(batches, column, step)) {
    seen++;
    if (!data.getValid(row)) nulls++;
    else {
      counts.add(data, row);
      const measure = extent.add(data, row);
      if (measure !== null) numbers.push(toNumber(data.type, measure));
    }
  }
  return { rows, seen, nulls, ...counts.summary(), ...extent.texts(), bins: binsOf(numbers) };
}

function* sampled(
  batches: readonly RecordBatch[],
  column: number,
  step: number,
): Generator<{ data: Data; row: number }> {
  let next = 0;
  for (const batch of batches) {
    const data = batch.data.children[column]!;
    for (; next < batch.numRows; next += step) yield { data, row: next };
    next -= batch.numRows;
  }
}

/** Counts different texts until there are too many. */
class Counts {
  private counts = new Map<string, number>();
  private isExact = true;
  private reader: { data: Data; read: (row: number) => string | null } | null = null;

  add(data: Data, row: number): void {
    if (this.reader?.data !== data) this.reader = { data, read: textReader(data) };
    const text = this.reader.read(row)!;
    const count = this.counts.get(text);
    if (count !== undefined || this.counts.size < most.distinct) this.counts.set(text, (count ?? 0) + 1);
    else this.isExact = false;
  }

  summary(): Pick<Profile, 'distinct' | 'isDistinctExact' | 'top'> {
    const sorted = [...this.counts].sort((a, b) => b[1] - a[1]).slice(0, most.top);
    const top = this.isExact ? sorted.map(([text, count]) => ({ text, count })) : [];
    return { distinct: this.counts.size, isDistinctExact: this.isExact, top };
  }
}

/** Remembers where the least and the greatest value stand. */
class Extent {
  private min: { data: Data; row: number; measure: Measure } | null = null;
  private max: { data: Data; row: number; measure: Measure } | null = null;
  private reader: { data: Data; read: ((row: number) => Measure) | null } | null = null;

  add(data: Data, row: number): Measure | null {
    if (this.reader?.data !== data) this.reader = { data, read: measureReader(data) };
    const measure = this.reader.read?.(row) ?? null;
    if (measure === null || !isOrdered(measure)) return null;
    if (!this.min || measure < this.min.measure) this.min = { data, row, measure };
    if (!this.max || measure > this.max.measure) this.max = { data, row, measure };
    return measure;
  }

  texts(): Pick<Profile, 'min' | 'max'> {
    const text = (place: { data: Data; row: number } | null) => place && textReader(place.data)(place.row);
    return { min: text(this.min), max: text(this.max) };
  }
}

function isOrdered(measure: Measure): boolean {
  return typeof measure === 'bigint' || Number.isFinite(measure);
}

/** Whole numbers of a small range get a bin each. */
function binsOf(numbers: number[]): Profile['bins'] {
  if (numbers.length === 0) return [];
  const min = numbers.reduce((a, b) => Math.min(a, b));
  const max = numbers.reduce((a, b) => Math.max(a, b));
  const isWhole = max - min < most.bins && numbers.every(Number.isInteger);
  const count = min === max ? 1 : isWhole ? max - min + 1 : most.bins;
  const width = isWhole ? 1 : (max - min) / count;
  const bins = Array.from({ length: count }, (_, index) => ({
    from: min + index * width,
    to: index === count - 1 ? max : min + (index + 1) * width,
    count: 0,
  }));
  for (const value of numbers) bins[width === 0 ? 0 : Math.min(count - 1, Math.floor((value - min) / width))]!.count++;
  return bins;
}
