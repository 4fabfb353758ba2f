import {
  Bool,
  Decimal,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  Int64,
  List,
  RecordBatch,
  Struct,
  Table,
  Utf8,
  makeData,
  vectorFromArray,
} from 'apache-arrow';
import type { DataType, Vector } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { jsonRows, type Json } from './json.ts';

function values(vector: Vector): Json[] {
  return new Table({ v: vector }).batches.flatMap((batch) => jsonRows(batch)).map((row) => row[0]!);
}

const of = (items: unknown[], type: DataType) => values(vectorFromArray(items as never, type));

describe('values as JSON', () => {
  test('small integers are numbers, big ones digits', () => {
    expect(of([1, null, -5], new Int32())).toEqual([1, null, -5]);
    expect(of([9007199254740993n, null], new Int64())).toEqual(['9007199254740993', null]);
  });

  test('a double is itself; what JSON cannot say is a word', () => {
    expect(of([0.1, Number.NaN, Number.POSITIVE_INFINITY, null], new Float64())).toEqual([0.1, 'nan', 'inf', null]);
  });

  test('a float has the digits people wrote', () => {
    expect(of([0.1, 16777216], new Float32())).toEqual([0.1, 16777216]);
  });

  test('booleans and text', () => {
    expect(of([true, null, false], new Bool())).toEqual([true, null, false]);
    expect(of(['a', '', null], new Utf8())).toEqual(['a', '', null]);
  });

  test('a decimal is its digits', () => {
    const data = makeData({ type: new Decimal(2, 18, 128), length: 1, data: Uint32Array.of(110, 0, 0, 0) });
    const type = new Struct([new Field('v', data.type)]);
    const batch = new RecordBatch(new Table({}).schema, makeData({ type, length: 1, nullCount: 0, children: [data] }));
    expect(jsonRows(batch)).toEqual([['1.10']]);
  });

  test('lists, fixed lists and structs are JSON', () => {
    const item = new Field('l', new Int64(), true);
    expect(of([[1n, null], [], null], new List(item))).toEqual([['1', null], [], null]);
    expect(
      of(
        [
          [1, 2],
          [3, 4],
        ],
        new FixedSizeList(2, new Field('l', new Int32(), true)),
      ),
    ).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const struct = new Struct([new Field('a', new Int32(), true), new Field('b', new Utf8(), true)]);
    expect(
      of(
        [
          { a: 1, b: 'x' },
          { a: null, b: null },
        ],
        struct,
      ),
    ).toEqual([
      { a: 1, b: 'x' },
      { a: null, b: null },
    ]);
  });
});
