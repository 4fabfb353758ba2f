import {
  Binary,
  Bool,
  Decimal as ArrowDecimal,
  Float64,
  Int64,
  TimeMicrosecond,
  Timestamp,
  Utf8,
  makeData,
  vectorFromArray,
  type Data,
  type DataType,
  type TimeUnit,
} from 'apache-arrow';

/*
 * JavaScript values as Arrow columns, exactly: what a TypeScript cell returns and what a file holds. A value that is null
 * or undefined is NULL. Whoever calls has made sure that the values are of the column's kind.
 */

export interface ColumnMaker {
  type: DataType;
  /** The engine's name of the type, where Arrow's does not tell it. */
  engineType?: string;
  make(values: ArrayLike<unknown>): Data;
}

type Numbers =
  Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

/** Numbers of one width. */
export function numbers(type: DataType, from: (count: number) => Numbers): ColumnMaker {
  return {
    type,
    make(values) {
      const data = from(values.length);
      for (let row = 0; row < values.length; row++) data[row] = (values[row] as number | null) ?? 0;
      return makeData({ type, data, length: values.length, ...validity(values) } as never);
    },
  };
}

export const doubles: ColumnMaker = numbers(new Float64(), (count) => new Float64Array(count));

/** 64-bit integers and what is stored as them: BIGINT, UBIGINT, TIMESTAMP, TIME. */
export function words(type: DataType): ColumnMaker {
  return {
    type,
    make(values) {
      const data = new BigInt64Array(values.length);
      for (let row = 0; row < values.length; row++) data[row] = (values[row] as bigint | null) ?? 0n;
      return makeData({ type, data, length: values.length, ...validity(values) } as never);
    },
  };
}

export const bigints: ColumnMaker = words(new Int64());

export function timestamps(unit: TimeUnit, zone: string | null = null): ColumnMaker {
  return words(new Timestamp(unit, zone));
}

export const times: ColumnMaker = words(new TimeMicrosecond());

/** Integers that are the values times 10 to the power of `scale`. */
export function decimals(precision: number, scale: number): ColumnMaker {
  const type = new ArrowDecimal(scale, precision, 128);
  return {
    type,
    make(values) {
      const words = new BigUint64Array(values.length * 2);
      for (let row = 0; row < values.length; row++) {
        const digits = (values[row] as bigint | null) ?? 0n;
        words[2 * row] = BigInt.asUintN(64, digits);
        words[2 * row + 1] = BigInt.asUintN(64, digits >> 64n);
      }
      const data = new Uint32Array(words.buffer);
      return makeData({ type, data, length: values.length, ...validity(values) });
    },
  };
}

export const booleans: ColumnMaker = {
  type: new Bool(),
  make: (values) => vectorFromArray(plain(values), new Bool()).data[0]!,
};

export function texts(engineType?: string): ColumnMaker {
  const make = (values: ArrayLike<unknown>) => vectorFromArray(plain(values), new Utf8()).data[0]! as Data;
  return engineType ? { type: new Utf8(), engineType, make } : { type: new Utf8(), make };
}

export const blobs: ColumnMaker = {
  type: new Binary(),
  make: (values) => vectorFromArray(plain(values), new Binary()).data[0]!,
};

function plain(values: ArrayLike<unknown>): unknown[] {
  return Array.from(values, (value) => value ?? null);
}

function validity(values: ArrayLike<unknown>): { nullCount: number; nullBitmap?: Uint8Array } {
  let nullCount = 0;
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 64) * 8);
  for (let row = 0; row < values.length; row++) {
    if (values[row] === null || values[row] === undefined) nullCount++;
    else nullBitmap[row >> 3]! |= 1 << (row & 7);
  }
  return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap };
}
