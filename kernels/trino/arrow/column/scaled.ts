/*
 * Digits times a power of ten as the nearest double, without text or BigInt. What fits is one exact operation on two exact
 * numbers (Clinger). Else the power is held as the sum of two doubles: the first, of 23 bits, times the first nine digits
 * is exact; all that is inexact is small beside it, and the sum is right unless it lies too close to the middle between
 * two doubles to be sure.
 */

/** 10^n, each exact. */
export const tens = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** More than what the small part can be off by, relatively. */
const doubt = 2 ** -49;

const least = -22;
const most = 9;
const coarse = new Float64Array(most - least + 1);
const fine = new Float64Array(most - least + 1);
for (let power = least; power <= most; power++) {
  const exact = power < 0 ? (1n << 200n) / 10n ** BigInt(-power) : (10n ** BigInt(power)) << 200n;
  const cut = BigInt(exact.toString(2).length - 23);
  const front = (exact >> cut) << cut;
  coarse[power - least] = Number(front) / 2 ** 200;
  fine[power - least] = Number(exact - front) / 2 ** 200;
}

/**
 * (front × 10^more + rest) × 10^power, rounded once; NaN when that cannot be sure. `front` < 10^9 and `rest` < 10^more,
 * `more` ≤ 9.
 */
export function scaled(front: number, more: number, rest: number, power: number): number {
  if (power < least || power > -least) return NaN;
  const mantissa = front * tens[more]! + rest;
  if (mantissa <= 9_007_199_254_740_991) return power < 0 ? mantissa / tens[-power]! : mantissa * tens[power]!;
  if (power > 0) return NaN;
  const large = front * coarse[power + more - least]!;
  const small = front * fine[power + more - least]! + rest / tens[-power]!;
  const found = large + small * (1 - doubt);
  return found === large + small * (1 + doubt) ? found : NaN;
}
