import { afterAll, beforeAll, expect, test } from 'vitest';
import { gather } from '#kernels/contract.ts';
import type { Relation } from '#kernels/kernel.ts';
import { columnsOf } from '#lib/table/column.ts';
import { toRows } from '#lib/table/text.ts';
import { everyType, everyTypeBatch, everyTypeIpc } from '#lib/testing/trino-types.ts';
import { WarehouseKernel } from './kernel.ts';

/* What Trino answered, sent to the warehouse as a relation: each value reads there as it did before. */

const kernel = new WarehouseKernel();
afterAll(() => kernel.close());

const { batch, schema, texts, shown } = everyTypeBatch();
let direct: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  direct = await run('SELECT * FROM given');
});

async function run(source: string) {
  const given: Relation = { kind: 'arrow', hash: 'trino', complete: true, ipc: async () => everyTypeIpc() };
  const { batches, schema, error } = await gather(
    kernel,
    { name: 'cell', source },
    { parameters: {}, relations: { given } },
  );
  expect(error, source).toBeNull();
  return { rows: toRows(batches), types: columnsOf(schema!).map((column) => column.type) };
}

/** What DuckDB has no type for is its text there; within a struct it does not say that a text is JSON. */
function there(type: string): string {
  if (/^(CHAR|TIME\(|TIMESTAMP\(|IPADDRESS|Geometry)/.test(type)) return 'VARCHAR';
  if (type.startsWith('STRUCT')) return type.replace(' JSON', ' VARCHAR');
  return type === 'HyperLogLog' ? 'BLOB' : type === '"NULL"' ? 'INTEGER' : type;
}

const columns = everyType.map(([type], index) => ({ type, shown: shown[index]!, index }));

test.each(columns)('$type reads as $shown before it is sent', ({ index }) => {
  expect(toRows([batch]).map((row) => row[index])).toEqual(texts.map((row) => row[index]));
  expect(columnsOf(schema)[index]!.type).toBe(shown[index]);
});

test.each(columns)('$type is the same in the warehouse', ({ index, shown }) => {
  expect(direct.rows.map((row) => row[index])).toEqual(texts.map((row) => row[index]));
  expect(direct.types[index]!.replaceAll('"', '')).toBe(there(shown).replaceAll('"', ''));
});

test('values can be reckoned with', async () => {
  const at = (type: string) => `v${everyType.findIndex(([each]) => each === type)}`;
  const { rows } = await run(`SELECT ${at('array(uuid)')}[1] = '550E8400-E29B-41D4-A716-446655440000'::UUID,
    DATE '2020-01-03' + ${at('interval day to second')}, ${at('row(integer, row(x json, "1" interval day to second))')}.field1."1" + DATE '2020-01-01'
    FROM given LIMIT 1`);
  expect(rows).toEqual([['true', '2020-01-01 21:56:55.433', '2020-01-02 00:00:00']]);
});
