/*
 * Up to 19 digits over a power of ten, rounded once, without text or BigInt. The digits are held as the exact sum of two
 * doubles and divided twice: the first quotient, and what its remainder adds (Dekker's products; a division's remainder is
 * itself a double). The sum is right unless it lies too close to the middle between two doubles to be sure.
 */

const splitter = 134_217_729;
/** More than what the second quotient can be off by, relatively. */
const doubt = 2 ** -49;

/** The quotient of the digits in [from, to), a point among them passed over, and `by` ≤ 10^22; NaN when it cannot be sure. */
export function quotient(bytes: Uint8Array, from: number, to: number, by: number): number {
  let front = 0;
  let rest = 0;
  let count = 0;
  for (let at = to - 1; at >= from; at--) if (bytes[at] !== 46) count++;
  if (count > 19 || count < 10) return NaN;
  const split = count - 9;
  for (let at = from, seen = 0; at < to; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0) continue;
    if (seen++ < split) front = front * 10 + digit;
    else rest = rest * 10 + digit;
  }
  const product = front * 1e9;
  const sum = product + rest;
  const lost = productError(front, 1e9, product) + (rest - (sum - product));
  const first = sum / by;
  const back = first * by;
  const remainder = sum - back - productError(first, by, back);
  const second = (remainder + lost) / by;
  const found = first + second * (1 - doubt);
  return found === first + second * (1 + doubt) ? found : NaN;
}

/** What the rounded product lacks: x × y = product + error, exactly. */
function productError(x: number, y: number, product: number): number {
  const xHigh = high(x);
  const xLow = x - xHigh;
  const yHigh = high(y);
  const yLow = y - yHigh;
  return xLow * yLow - (product - xHigh * yHigh - xLow * yHigh - xHigh * yLow);
}

function high(value: number): number {
  const scaled = splitter * value;
  return scaled - (scaled - value);
}
