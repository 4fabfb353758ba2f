/*
 * What a selection adds up to. Whole numbers and decimals are added as they are written, digit by digit, so that a
 * sum of money is exact; numbers with an exponent (floats) are added as floats and said to be about right.
 */

export interface Total {
  /** Cells with a value; null is not counted. */
  count: number;
  /** null when a selected value is no number. */
  sum: string | null;
  mean: string | null;
  exact: boolean;
}

const decimal = /^-?\d+(\.\d+)?$/;

/** Sums exact texts of values; null stands for a null. */
export function totalOf(values: Iterable<string | null>): Total {
  const given = [...values].filter((value) => value !== null);
  if (given.length === 0) return { count: 0, sum: null, mean: null, exact: true };
  if (given.every((value) => decimal.test(value))) return exactTotal(given);
  return floatTotal(given);
}

function exactTotal(values: string[]): Total {
  const scale = Math.max(...values.map((value) => value.split('.')[1]?.length ?? 0));
  const sum = values.reduce((total, value) => total + scaled(value, scale), 0n);
  const mean = (sum * 10_000n) / BigInt(values.length);
  return { count: values.length, sum: unscaled(sum, scale), mean: rounded(unscaled(mean, scale + 4)), exact: true };
}

function floatTotal(values: string[]): Total {
  const numbers = values.map(Number);
  if (numbers.some((number) => Number.isNaN(number)))
    return { count: values.length, sum: null, mean: null, exact: true };
  const sum = numbers.reduce((total, number) => total + number, 0);
  return { count: values.length, sum: String(sum), mean: String(sum / values.length), exact: false };
}

function scaled(value: string, scale: number): bigint {
  const [whole = '0', part = ''] = value.split('.');
  return BigInt(whole + part.padEnd(scale, '0'));
}

function unscaled(value: bigint, scale: number): string {
  if (scale === 0) return value.toString();
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function rounded(value: string): string {
  return value.replace(/\.?0+$/, '');
}
