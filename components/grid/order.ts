/*
 * The order in which rows are shown, as indices into the result. A merge sort that pauses, so that a million rows do
 * not hold the page: stable, nulls always last, and given up when the signal says so.
 */

export type SortKey = number | bigint | string | boolean | null;

export interface Sort {
  column: number;
  descending: boolean;
}

export interface OrderOptions {
  descending?: boolean;
  signal?: AbortSignal;
  /** Called between slices; lets the page breathe. */
  pause?: () => Promise<void>;
  /** Rows merged between two pauses. */
  slice?: number;
}

/** The row indices in order of their keys, or null when it was given up. */
export async function orderOf(keys: readonly SortKey[], options: OrderOptions = {}): Promise<Uint32Array | null> {
  const { descending = false, signal, pause = nextTask, slice = 100_000 } = options;
  const compare = comparing(keys, descending);
  let from = Uint32Array.from(keys, (_, row) => row);
  let into = new Uint32Array(keys.length);
  let merged = 0;
  for (let width = 1; width < keys.length; width *= 2) {
    for (let low = 0; low < keys.length; low += width * 2) {
      merge(from, into, low, Math.min(low + width, keys.length), Math.min(low + width * 2, keys.length), compare);
      merged += width * 2;
      if (merged < slice) continue;
      merged = 0;
      await pause();
      if (signal?.aborted) return null;
    }
    [from, into] = [into, from];
  }
  return from;
}

/** The next state of a head that was clicked: up, down, as it came. */
export function nextSort(sort: Sort | null, column: number): Sort | null {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? null : { column, descending: true };
}

function merge(
  from: Uint32Array,
  into: Uint32Array,
  low: number,
  middle: number,
  high: number,
  compare: (a: number, b: number) => number,
): void {
  let left = low;
  let right = middle;
  for (let at = low; at < high; at++) {
    const takeLeft = left < middle && (right >= high || compare(from[left]!, from[right]!) <= 0);
    into[at] = takeLeft ? from[left++]! : from[right++]!;
  }
}

function comparing(keys: readonly SortKey[], descending: boolean): (a: number, b: number) => number {
  const way = descending ? -1 : 1;
  return (a, b) => {
    const left = keys[a]!;
    const right = keys[b]!;
    if (left === right) return 0;
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -way : left > right ? way : 0;
  };
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
