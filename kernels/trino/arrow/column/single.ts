/*
 * Decimal text to a 32-bit float. By way of a double it is rounded twice, which is wrong only where the double lies right
 * between two floats; there the digits themselves are compared with the middle.
 */

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);
const leastNormal = 2 ** -126;

/** Whether a second rounding of the double could go wrong. */
export function mayBeBetween(value: number): boolean {
  double[0] = value;
  if ((words[0]! & 0x1fffffff) === 0x10000000) return true;
  return value < leastNormal && value > -leastNormal && value !== 0;
}

/** The float nearest to the digits, whose nearest double is `value`; a tie goes to the even one. */
export function nearestSingle(digits: string, value: number): number {
  const size = Math.abs(value);
  const near = Math.fround(size);
  const other = neighbour(near, size > near ? 1 : -1);
  if (!Number.isFinite(near) || !Number.isFinite(other) || (near + other) / 2 !== size) return Math.fround(value);
  const order = compare(digits.replace('-', ''), size);
  const found = order === 0 ? near : order > 0 ? Math.max(near, other) : Math.min(near, other);
  return value < 0 ? -found : found;
}

function neighbour(value: number, step: number): number {
  single[0] = value;
  bits[0]! += step;
  return single[0];
}

/** Whether the decimal is above (1), at (0) or below (-1) the double. */
function compare(digits: string, value: number): number {
  const [, whole, fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(digits)!;
  const power = Number(exponent) - fraction.length;
  let [left, right] = [BigInt(whole + fraction), 1n];
  if (power >= 0) left *= 10n ** BigInt(power);
  else right *= 10n ** BigInt(-power);
  let shift = 0n;
  while (!Number.isInteger(value)) {
    value *= 2;
    shift++;
  }
  const difference = (left << shift) - BigInt(value) * right;
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}
