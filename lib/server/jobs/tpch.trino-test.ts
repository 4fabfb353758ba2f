import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrinoKernel } from '#kernels/server.ts';
import type { Column, Kernel, Relation } from '#kernels/kernel.ts';
import { columnsOf } from '#lib/table/column.ts';
import { toRows } from '#lib/table/text.ts';
import { createWarehouse, type StandingWarehouse } from '#lib/server/warehouse/create.ts';
import type { Landing } from '#lib/server/warehouse/warehouse.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { tpchQueries, tpchTables } from '#lib/testing/tpch.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';

/**
 * The same 22 texts on Trino's own TPC-H tables, and on DuckDB over the very rows that came from there. Everything is compared
 * exactly, decimals by value, but for columns that are DOUBLE: their last bits depend on the order in which they were added.
 */

const tolerance = 1e-12;
let lodestar: TestLodestar;
let warehouse: StandingWarehouse;
const trino = new TrinoKernel(makeTarget());
const landed: Extract<Landing, { ok: true }>[] = [];
const { signal } = new AbortController();

const there = Object.fromEntries(
  Object.entries(tpchTables).map(([name, sql]) => [
    name,
    { kind: 'query', hash: name, complete: true, sql } as Relation,
  ]),
);
const here: Record<string, Relation> = {};

beforeAll(async () => {
  lodestar = await startLodestar({ warehouse: (world) => createWarehouse(world) });
  warehouse = lodestar.warehouse as StandingWarehouse;
  for (const [name, source] of Object.entries(tpchTables)) {
    const code = { name, source };
    const landing = await warehouse.land(
      (stop) => trino.run(code, { parameters: {}, relations: {} }, { signal: stop }),
      {
        signal,
      },
    );
    if (!landing.ok) throw new Error(landing.error.message);
    landed.push(landing);
    here[name] = landing.relation;
  }
});
afterAll(async () => {
  await Promise.all(landed.map((each) => each.remove()));
  await trino.close();
  await lodestar.close();
});

it('the rows that came are all of them', () => {
  expect(landed.map(({ rows }) => rows)).toEqual([1500, 60_175, 25, 15_000, 2000, 8000, 5, 100]);
});

describe('TPC-H', () => {
  it.each(tpchQueries.map((sql, index) => [`Q${index + 1}`, sql] as const))(
    '%s gives the same on both',
    async (_, sql) => {
      const [a, b] = await Promise.all([answer(trino, sql, there), answer(warehouse.kernel, sql, here)]);
      expect(b.columns.map(({ name }) => name)).toEqual(a.columns.map(({ name }) => name));
      expect(b.rows.length).toBe(a.rows.length);
      const isDouble = a.columns.map((column, index) =>
        [column, b.columns[index]!].some(({ type }) => /^double$/i.test(type)),
      );
      for (const [index, row] of a.rows.entries())
        for (const [place, value] of row.entries()) {
          const other = b.rows[index]![place] ?? null;
          if (isDouble[place] && value !== null) expect(distance(Number(value), Number(other))).toBeLessThan(tolerance);
          else expect(other).toBe(value);
        }
    },
  );
});

async function answer(kernel: Kernel, source: string, relations: Record<string, Relation>) {
  let columns: Column[] = [];
  const rows: (string | null)[][] = [];
  for await (const event of kernel.run({ name: 'tpch', source }, { parameters: {}, relations }, { signal })) {
    if (event.type === 'failed') throw new Error(`${event.error.message} ${event.error.detail ?? ''}`);
    if (event.type === 'schema') columns = columnsOf(event.schema);
    if (event.type === 'batch') rows.push(...toRows([event.batch]));
  }
  return { columns, rows: rows.map((row) => row.map(plain)).sort(byText) };
}

/** A decimal without the zeros that only its type asks for. */
function plain(value: string | null): string | null {
  return value !== null && /^-?\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value;
}

function byText(a: unknown[], b: unknown[]): number {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function distance(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));
}
