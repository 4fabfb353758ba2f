import { describe, expect, it } from 'vitest';
import type { TrinoAbout } from '#kernels/browser.ts';
import type { Kernel } from '#kernels/kernel.ts';
import type { CellSpec } from '#lib/notebook/cell.ts';
import { readNotebook } from '#lib/notebook/document.ts';
import { makeNotebook } from '#lib/notebook/edit.ts';
import { buildGraph } from '#lib/notebook/graph.ts';
import { LiveResult } from './result.ts';
import { Results } from './results.ts';
import { prepare, type World } from './prepare.ts';
import { questionOf } from './question.ts';
import type { DatasetEntry } from './store.ts';

const trino = (name: string, source: string, connection = 'lake'): CellSpec => ({
  type: 'sql',
  name,
  source,
  engine: 'trino',
  connection,
});
const dataset = (name: string, place: DatasetEntry['place']): DatasetEntry => ({
  id: name,
  name,
  kind: 'job',
  columns: [],
  rows: 1,
  version: 1,
  updatedAt: '',
  place,
});

/** A notebook whose cells read what is told, with nothing run. */
function worldOf(cells: CellSpec[], reads: Record<string, string[]>, datasets: DatasetEntry[] = []) {
  const found = readNotebook(makeNotebook({ title: '', cells })).cells;
  const asked: TrinoAbout[] = [];
  const kernel = { tables: () => [] } as unknown as World['kernels']['browser'];
  const world: World = {
    notebookId: 'nb',
    cells: found,
    graph: buildGraph(found, new Map(found.map((cell) => [cell.id, reads[cell.name] ?? []])), new Set()),
    results: new Results(),
    datasets,
    streams: { named: () => null, windowOf: () => ({}) as never },
    kernels: {
      browser: kernel,
      typescript: kernel,
      warehouse: kernel,
      trino: (about) => {
        asked.push(about);
        return kernel as Kernel;
      },
      trinoReads: async () => [],
    },
    fetchRows: async () => ({ ok: false, problem: { status: 404, code: 'not-found', detail: '' } }),
  };
  const cell = (name: string) => found.find((each) => each.name === name)!;
  return { world, cell, asked };
}

function relationsOf(given: ReturnType<typeof worldOf>, name: string) {
  const prepared = prepare(given.cell(name), given.world);
  return prepared.ok ? Object.entries(prepared.inputs.relations) : [];
}

const chain = [
  trino('last', 'SELECT * FROM middle'),
  trino('middle', 'SELECT a FROM first'),
  trino('first', 'SELECT 1 AS a'),
];
const chained = { last: ['middle'], middle: ['first'] };

describe('a Trino cell', () => {
  it('runs on its connection, for its notebook and cell, past the kept answers when asked', () => {
    const given = worldOf(chain, chained);
    const { id } = given.cell('first');
    prepare(given.cell('first'), given.world);
    prepare(given.cell('first'), given.world, { fresh: true });
    const about = { connection: 'lake', notebook: 'nb', cell: id };
    expect(given.asked).toEqual([
      { ...about, fresh: false },
      { ...about, fresh: true },
    ]);
  });

  it('takes the texts of others on its connection along, each after what it reads', () => {
    const relations = relationsOf(worldOf(chain, chained), 'last');
    expect(relations.map(([name, relation]) => [name, relation.kind === 'query' && relation.sql])).toEqual([
      ['first', 'SELECT 1 AS a'],
      ['middle', 'SELECT a FROM first'],
    ]);
  });

  it('takes the rows of other engines along, also those a text of it reads', () => {
    const given = worldOf(
      [...chain.slice(0, 2), { type: 'sql', name: 'first', source: 'SELECT 1 AS a' }, trino('far', 'SELECT 1', 'x')],
      { last: ['middle', 'far'], middle: ['first'] },
    );
    const rows = new LiveResult();
    rows.schema = { fields: [{ name: 'a' }] } as unknown as LiveResult['schema'];
    for (const name of ['first', 'far']) given.world.results.settle(given.cell(name).id, rows, name);
    const kinds = relationsOf(given, 'last').map(([name, relation]) => [name, relation.kind]);
    expect(Object.fromEntries(kinds)).toEqual({ first: 'arrow', far: 'arrow', middle: 'query' });
  });

  it('leaves a dataset of its own cluster to the server, and brings another’s rows', () => {
    const place = (id: string) => ({ connection: { id, name: id }, table: 'iceberg.shop.daily' });
    const given = worldOf([trino('q', 'SELECT * FROM here, there')], { q: ['here', 'there'] }, [
      dataset('here', place('lake')),
      dataset('there', place('other')),
    ]);
    const relations = Object.fromEntries(relationsOf(given, 'q'));
    expect(relations['here']).toBeUndefined();
    expect(relations['there']).toMatchObject({ kind: 'arrow' });
  });

  it('says that no connection is chosen', () => {
    const given = worldOf([trino('q', 'SELECT 1', '')], {});
    expect(prepare(given.cell('q'), given.world)).toMatchObject({
      ok: false,
      error: { code: 'refused', hint: expect.stringContaining('Choose a connection') },
    });
  });
});

describe('what a cluster is asked before a run', () => {
  it('the text, the inputs and the texts that go along', () => {
    const given = worldOf(
      [...chain, { type: 'input', name: 'until', input: { kind: 'date', value: '2026-10-19' } }],
      chained,
    );
    expect(questionOf(given.cell('last'), given.world)).toEqual({
      connection: 'lake',
      sql: 'SELECT * FROM middle',
      parameters: { until: { type: 'date', value: '2026-10-19' } },
      queries: { first: 'SELECT 1 AS a', middle: 'SELECT a FROM first' },
    });
  });

  it('nothing where it reads rows of this page, has no text or runs elsewhere', () => {
    const given = worldOf(
      [trino('q', 'SELECT * FROM local'), trino('r', ' '), { type: 'sql', name: 'local', source: 'SELECT 1' }],
      { q: ['local'] },
    );
    for (const name of ['q', 'r', 'local']) expect(questionOf(given.cell(name), given.world)).toBeNull();
    const held = worldOf([trino('q', 'SELECT * FROM parcels')], { q: ['parcels'] }, [dataset('parcels', null)]);
    expect(questionOf(held.cell('q'), held.world)).toBeNull();
  });
});
