/** A DOUBLE as DuckDB writes it: shortest digits that read back, `1.0`, `1e+16`, `nan`, `inf`. */
export function doubleText(value: number): string {
  return floatingText(value, () => value.toExponential());
}

/** A FLOAT: the shortest digits that read back in 32 bits. */
export function floatText(value: number): string {
  return floatingText(value, () => {
    for (let digits = 0; digits < 9; digits++) {
      const text = value.toExponential(digits);
      if (Math.fround(Number(text)) === value) return text.replace(/\.?0+e/, 'e');
    }
    return value.toExponential();
  });
}

function floatingText(value: number, shortest: () => string): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [, sign, digits, power] = /^(-?)([\d.]+)e(.*)$/.exec(shortest())!;
  return sign + placed(digits!.replace('.', ''), Number(power));
}

/** Digits with the point where the power says; an exponent below -4 and from 16 on. */
function placed(digits: string, power: number): string {
  if (power < -4 || power >= 16) {
    const rest = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${digits[0]}${rest}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  if (power < 0) return `0.${'0'.repeat(-power - 1)}${digits}`;
  const whole = digits.padEnd(power + 1, '0');
  return `${whole.slice(0, power + 1)}.${whole.slice(power + 1) || '0'}`;
}

/** An integer with its decimal point `scale` places from the right. */
export function decimalText(value: bigint, scale: number): string {
  if (scale <= 0) return String(value);
  const sign = value < 0n ? '-' : '';
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Two's complement out of 32-bit words, least first. */
export function bigintOf(words: Uint32Array): bigint {
  let value = 0n;
  for (let index = words.length - 1; index >= 0; index--) value = (value << 32n) | BigInt(words[index]!);
  return BigInt.asIntN(words.length * 32, value);
}
