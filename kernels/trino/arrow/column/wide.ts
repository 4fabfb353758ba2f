/*
 * Whole numbers of 64 and 128 bits in words of 32, least first, without BigInt: products stay below 2^53, where a double
 * is exact. A store into an Int32Array takes a number modulo 2^32, as two's complement wants it.
 */

const word = 4294967296;
const half = 65_536;

/** Writes a whole number below 2^53 as 64 bits. */
export function storeExact(words: Int32Array, place: number, value: number): void {
  const high = Math.floor(value / word);
  words[place] = value - high * word;
  words[place + 1] = high;
}

/**
 * Writes ±(front × by + rest) as 64 bits; false when it is out of their range. `front` < 10^13 with `by` = 10^6, below
 * 10^10 with `by` = 10^9; 0 ≤ `rest` < `by`.
 */
export function storeProduct(
  words: Int32Array,
  place: number,
  front: number,
  by: number,
  rest: number,
  isNegative: boolean,
): boolean {
  const frontHigh = Math.floor(front / half);
  const upper = frontHigh * by;
  const upperHigh = Math.floor(upper / half);
  const lower = (front - frontHigh * half) * by + rest + (upper - upperHigh * half) * half;
  const carry = Math.floor(lower / word);
  const low = lower - carry * word;
  const high = upperHigh + carry;
  if (high >= 2_147_483_648 && !(isNegative && high === 2_147_483_648 && low === 0)) return false;
  words[place] = isNegative ? -low : low;
  words[place + 1] = isNegative ? -high - (low > 0 ? 1 : 0) : high;
  return true;
}

/** Writes ±value as 128 bits; `value` < 2^53. */
export function storeSmall(words: Int32Array, place: number, value: number, isNegative: boolean): void {
  storeExact(words, place, isNegative ? -value : value);
  const sign = words[place + 1]! >> 31;
  words[place + 2] = sign;
  words[place + 3] = sign;
}

/** What 128 bits hold, times at most 10^6, plus `add`; the words are taken as unsigned. */
export function multiplyAdd(words: Int32Array, place: number, by: number, add: number): void {
  let carry = add;
  for (let index = place; index < place + 4; index++) {
    const sum = (words[index]! >>> 0) * by + carry;
    carry = Math.floor(sum / word);
    words[index] = sum - carry * word;
  }
}

/** Two's complement of 128 bits. */
export function negate(words: Int32Array, place: number): void {
  let carry = 1;
  for (let index = place; index < place + 4; index++) {
    const sum = (~words[index]! >>> 0) + carry;
    words[index] = sum >= word ? 0 : sum;
    carry = sum >= word ? 1 : 0;
  }
}
