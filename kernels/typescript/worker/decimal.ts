import { decimalText } from '#lib/table/number.ts';

/** An exact DECIMAL. In arithmetic it becomes a number, as close as one comes; as text it keeps every digit. */
export class Decimal {
  /** The value times 10 to the power of `scale`. */
  readonly digits: bigint;
  readonly scale: number;

  constructor(digits: bigint, scale: number) {
    this.digits = digits;
    this.scale = scale;
  }

  /** From text such as `-12.50`; throws for anything else. */
  static from(text: string): Decimal {
    const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text.trim()) ?? [];
    if (whole === undefined) throw new RangeError(`${text} is not a decimal number.`);
    return new Decimal(BigInt(`${sign}${whole}${fraction}`), fraction.length);
  }

  toString(): string {
    return decimalText(this.digits, this.scale);
  }

  toNumber(): number {
    return Number(this.toString());
  }

  valueOf(): number {
    return this.toNumber();
  }

  toJSON(): string {
    return this.toString();
  }
}
