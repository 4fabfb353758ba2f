import { Int64, makeData, RecordBatch, Schema, Field, Struct, Utf8, vectorFromArray, type Data } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { toGridData } from './table-data.ts';

const schema = new Schema([new Field('n', new Int64(), true), new Field('word', new Utf8(), true)]);

function batch(numbers: (bigint | null)[], words: (string | null)[]): RecordBatch {
  const children = [
    vectorFromArray(numbers, new Int64()).data[0]!,
    vectorFromArray(words, new Utf8()).data[0]!,
  ] as Data[];
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: numbers.length, nullCount: 0, children }),
  );
}

const data = toGridData({
  schema,
  batches: [batch([1n, null], ['a', '']), batch([9007199254740993n], [null])],
  columns: [
    { name: 'n', type: 'BIGINT' },
    { name: 'word', type: 'VARCHAR' },
  ],
});

describe('Arrow batches as rows of a grid', () => {
  it('rows go on over the batches', () => {
    expect(data.rows).toBe(3);
    expect([0, 1, 2].map((row) => data.text(row, 0))).toEqual(['1', null, '9007199254740993']);
  });
  it('an empty text and no text are two things', () => {
    expect([0, 1, 2].map((row) => data.text(row, 1))).toEqual(['a', '', null]);
  });
  it('columns are told by the engine’s types', () => {
    expect(data.columns.map((column) => column.kind)).toEqual(['whole', 'text']);
  });
  it('big whole numbers are sorted as what they are', () => {
    expect(data.keys(0)).toEqual([1n, null, 9007199254740993n]);
  });
  it('a row that is not there has no text', () => expect(data.text(3, 0)).toBeNull());
  it('no batch is no row', () => expect(toGridData({ schema, batches: [], columns: [] }).rows).toBe(0));
});
