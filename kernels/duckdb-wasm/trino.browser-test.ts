import { afterAll, beforeAll, expect, test } from 'vitest';
import { gather } from '#kernels/contract.ts';
import type { Kernel, Relation } from '#kernels/kernel.ts';
import { columnsOf } from '#lib/table/column.ts';
import { toRows } from '#lib/table/text.ts';
import { openBench, type KernelBench } from '#lib/testing/kernel-bench.ts';
import { pageKernel } from '#lib/testing/page-kernel.ts';
import { everyType, everyTypeBatch, everyTypeIpc } from '#lib/testing/trino-types.ts';

/* What Trino answered is a relation in the page: each value reads in DuckDB-WASM as it did before. */

let bench: KernelBench;
let kernel: Kernel;
let read: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  bench = await openBench();
  kernel = await pageKernel(await bench.page(), 'browser');
  read = await run('SELECT * FROM given');
});
afterAll(() => bench.close());

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

/** What DuckDB in the page has no type for, or does not name when it gives it back, is its text there. */
function there(type: string): string {
  if (type === 'DECIMAL(38,0)') return 'HUGEINT';
  if (type.startsWith('UUID')) return type.replace('UUID', 'VARCHAR');
  if (/^(CHAR|TIME WITH|TIME\(|TIMESTAMP\(|IPADDRESS|Geometry|JSON)/.test(type)) return 'VARCHAR';
  if (type.startsWith('STRUCT')) return type.replace(' JSON', ' VARCHAR');
  return type === 'HyperLogLog' ? 'BLOB' : type === '"NULL"' ? 'INTEGER' : type;
}

const { texts } = everyTypeBatch();

test.each(everyType.map(([type, shown], index) => ({ type, shown, index })))(
  '$type is the same in the page',
  ({ shown, index }) => {
    expect(read.rows.map((row) => row[index])).toEqual(texts.map((row) => row[index]));
    expect(read.types[index]!.replaceAll('"', '')).toBe(there(shown).replaceAll('"', ''));
  },
);

test('values can be reckoned with', async () => {
  const at = (type: string) => `v${everyType.findIndex(([each]) => each === type)}`;
  const { rows } = await run(`SELECT ${at('array(uuid)')}[1] = '550E8400-E29B-41D4-A716-446655440000'::UUID,
    DATE '2020-01-03' + ${at('interval day to second')}, max(${at('decimal(38, 0)')}) OVER ()
    FROM given LIMIT 1`);
  expect(rows).toEqual([['true', '2020-01-01 21:56:55.433', '9'.repeat(38)]]);
});
