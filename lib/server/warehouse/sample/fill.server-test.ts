import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gather } from '#kernels/contract.ts';
import { readNotebook } from '#lib/notebook/document.ts';
import { parametersIn } from '#lib/notebook/input.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { toRows } from '#lib/table/text.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { fillProject } from './fill.ts';

let lodestar: TestLodestar;
let project: string;
let cells: Cell[];

beforeAll(async () => {
  const now = () => new Date('2026-11-21T09:00:00Z');
  lodestar = await startLodestar({ now, warehouse: (world) => createWarehouse(world) });
  const owner = await makeActor();
  project = (await makeProject(owner)).id;
  const { notebookId } = await fillProject(project, owner);
  cells = (await lodestar.rooms.read(notebookId, readNotebook)).cells;
});
afterAll(() => lodestar.close());

async function run(source: string) {
  const { kernel } = lodestar.warehouse;
  const relations = await lodestar.warehouse.relations(project, await kernel.reads(source));
  const ran = await gather(kernel, { name: 'cell', source }, { parameters: parametersIn(cells), relations });
  expect(ran.error).toBeNull();
  return toRows(ran.batches);
}

describe('the samples', () => {
  test('every SQL cell of the notebook answers with rows', async () => {
    const sql = cells.filter((cell) => cell.type === 'sql');
    expect(sql.map((cell) => cell.name)).toEqual(['active_users', 'revenue', 'revenue_by_day', 'new_people', 'genres']);
    for (const cell of sql) expect((await run(cell.source)).length, cell.name).toBeGreaterThan(0);
  });

  test('revenue without removing the doubled lines would be another', async () => {
    const total = async (from: string) => (await run(`SELECT sum(amount) FROM ${from}`))[0]![0];
    expect(await total('purchase')).not.toBe(await total('(SELECT DISTINCT * FROM purchase)'));
  });

  test('the types are those of a shop', async () => {
    const columns = async (name: string) => (await run(`DESCRIBE ${name}`)).map((row) => `${row[0]} ${row[1]}`);
    expect(await columns('purchase')).toContain('amount DECIMAL(18,2)');
    expect(await columns('purchase')).toContain('purchase_id BIGINT');
    expect(await columns('access')).toContain('visited_at TIMESTAMP');
    expect(await columns('movies')).toContain('release_date DATE');
    expect(await columns('movies')).toContain('title VARCHAR');
  });

  test('all tables are there, with rows and a description', async () => {
    const datasets = await lodestar.db.dataset.findMany({
      where: { projectId: project },
      include: { partitions: true },
    });
    expect(datasets.map((each) => each.name).sort()).toEqual([
      'access',
      'cars',
      'gapminder',
      'movies',
      'purchase',
      'user',
      'weather',
    ]);
    for (const each of datasets) {
      expect(each.description).not.toBe('');
      expect(each.partitions[0]!.rows).toBeGreaterThan(100n);
    }
  });

  test('every chart draws a cell of the notebook', () => {
    const names = new Set(cells.map((cell) => cell.name));
    for (const cell of cells) if (cell.chart) expect(names).toContain(cell.chart.from);
  });
});
