import { expect, test } from 'vitest';
import { toRows } from '#lib/table/text.ts';
import { PageError } from './error.ts';
import { schemaOf } from './field.ts';
import { unpack } from './pack.ts';
import { readPage, readRows, type ReadRows } from './page.ts';
import { columnsOf, encode } from './testing.ts';

/* Rows are given back in the memory of the page they came in, which costs less than new memory. */

const columns = columnsOf('bigint', 'varchar');
const rows = Array.from({ length: 500 }, (_, at) => [at + 1e14, `the text of row ${at}, "quoted"`]);
const texts = rows.map((row) => row.map(String));
const bytesOf = (text: string) => new Uint8Array(encode(text));
const textsOf = ({ chosen, batches }: ReadRows) =>
  toRows(batches.map((batch) => unpack(schemaOf(chosen!.columns, chosen!.picks), batch)));

test('a page’s rows take its memory, and what stands behind them is read before', () => {
  const bytes = bytesOf(JSON.stringify({ id: 'q', columns, data: rows, stats: { state: 'RUNNING' } }));
  const read = readPage(bytes, null, bytes.buffer);
  expect(read.batches.map(({ memory }) => memory)).toEqual([bytes.buffer]);
  expect(read.batches[0]!.memory).toBe(bytes.buffer);
  expect(read.head).toMatchObject({ id: 'q', stats: { state: 'RUNNING' } });
  expect(textsOf(read)).toEqual(texts);
});

test('so do those of a segment, and of a page whose columns come last', () => {
  const segment = bytesOf(JSON.stringify(rows));
  const read = readRows(segment, columns, null, segment.buffer);
  expect(read.batches[0]!.memory).toBe(segment.buffer);
  expect(textsOf(read)).toEqual(texts);
  const late = bytesOf(JSON.stringify({ data: rows, columns }));
  expect(textsOf(readPage(late, null, late.buffer))).toEqual(texts);
});

test('memory that is not theirs, too small, or mostly in vain is left alone', () => {
  const text = JSON.stringify({ columns, data: rows });
  const bytes = bytesOf(text);
  const { batches } = readPage(bytes, null);
  expect(batches[0]!.memory).not.toBe(bytes.buffer);
  expect(new TextDecoder().decode(bytes)).toBe(text);
  const wide = bytesOf(JSON.stringify({ columns: columnsOf('decimal(38, 0)'), data: rows.map(() => ['1']) }));
  expect(readPage(wide, null, wide.buffer).batches[0]!.memory).not.toBe(wide.buffer);
  const spaced = bytesOf(`${' '.repeat(100_000)}${text}`);
  expect(readPage(spaced, null, spaced.buffer).batches[0]!.memory).not.toBe(spaced.buffer);
});

test('a page that is broken behind its rows leaves none of them to the next', () => {
  const { chosen } = readPage(encode(JSON.stringify({ columns, data: rows })), null);
  const broken = bytesOf(`${JSON.stringify({ columns, data: rows }).slice(0, -1)},"stats":{]}`);
  expect(() => readPage(broken, chosen, broken.buffer)).toThrow(PageError);
  const next = bytesOf(JSON.stringify({ data: [[7, 'seven']] }));
  expect(textsOf(readPage(next, chosen, next.buffer))).toEqual([['7', 'seven']]);
});
