/** What a goal promises of candidate ÷ baseline. */
export type Goal = { atMost: number } | { atLeast: number };

export interface Verdict {
  /** The median over all rounds. */
  ratio: number;
  /** Rounds that held, of how many. */
  held: number;
  rounds: number;
  pass: boolean;
}

/** A goal holds when the median and four of five rounds hold. */
export function judge(ratios: readonly number[], goal: Goal): Verdict {
  const ratio = median(ratios);
  const held = ratios.filter((each) => holds(each, goal)).length;
  return { ratio, held, rounds: ratios.length, pass: holds(ratio, goal) && held * 5 >= ratios.length * 4 };
}

/** NaN, from a baseline of nothing, never holds. */
export function holds(ratio: number, goal: Goal): boolean {
  return 'atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that a share of all numbers does not exceed: `percentile(times, 0.99)`. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!;
}

export function goalInWords(goal: Goal): string {
  return 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
}
