import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellSpec } from './cell.ts';
import { readNotebook } from './document.ts';
import { makeNotebook } from './edit.ts';
import { buildGraph, dependantsOf, needersOf, readersOf, waitersOf } from './graph.ts';

/** A graph of cells that are called by name in the answers; `reads` by name too. */
function graphOf(
  cells: CellSpec[],
  reads: Record<string, string[]> = {},
  known: string[] | null = [],
  connections: string[] | null = null,
) {
  const found = readNotebook(makeNotebook({ title: '', cells })).cells;
  const byId = new Map(found.map((cell) => [cell.id, reads[cell.name] ?? []]));
  const graph = buildGraph(found, byId, known && new Set(known), connections && new Set(connections));
  const name = (id: string) => graph.get(id)!.name;
  const node = (wanted: string) => [...graph.values()].find((each) => each.name === wanted)!;
  return {
    graph,
    order: [...graph.keys()].map(name),
    reads: (wanted: string) => node(wanted).reads.map(name),
    needs: (wanted: string) => node(wanted).needs.map(name),
    texts: (wanted: string) => node(wanted).texts.map(name),
    needers: (wanted: string) => needersOf(graph, node(wanted).id).map(name),
    waiters: (wanted: string) => waitersOf(graph, node(wanted).id).map(name),
    readBy: (wanted: string) => node(wanted).readBy.map(name),
    problems: (wanted: string) => node(wanted).problems,
    outside: (wanted: string) => node(wanted).outside,
    dependants: (wanted: string) => dependantsOf(graph, node(wanted).id).map(name),
    readers: (wanted: string) => readersOf(graph, wanted).map(name),
    isInCycle: (wanted: string) => node(wanted).isInCycle,
  };
}

const sql = (name: string, source = ''): CellSpec => ({ type: 'sql', name, source });

describe('buildGraph', () => {
  it('follows SQL to relations, inputs and charts', () => {
    const found = graphOf(
      [
        sql('late', 'SELECT * FROM daily WHERE day < {{until}}'),
        sql('daily'),
        { type: 'input', name: 'until', source: '2026-01-01' },
        { type: 'chart', name: 'c', chart: { from: 'late' } },
      ],
      { late: ['daily'] },
    );
    expect(found.reads('late')).toEqual(['daily', 'until']);
    expect(found.reads('c')).toEqual(['late']);
    expect(found.order).toEqual(['daily', 'until', 'late', 'c']);
    expect(found.dependants('until')).toEqual(['late', 'c']);
    expect(found.readBy('late')).toEqual(['c']);
    for (const name of ['late', 'daily', 'until', 'c']) expect(found.problems(name)).toEqual([]);
  });

  it('finds relations whatever their case in SQL, and exactly in TypeScript', () => {
    const found = graphOf(
      [sql('Daily'), sql('q'), { type: 'typescript', name: 't' }, { type: 'typescript', name: 'u' }],
      {
        q: ['DAILY'],
        t: ['DAILY'],
        u: ['Daily'],
      },
    );
    expect([found.reads('q'), found.reads('t'), found.reads('u')]).toEqual([['Daily'], [], ['Daily']]);
  });

  it('lets TypeScript read inputs by name, and says nothing of its globals', () => {
    const found = graphOf(
      [
        { type: 'input', name: 'n' },
        { type: 'typescript', name: 't' },
      ],
      { t: ['n', 'Math', 'nope'] },
    );
    expect(found.reads('t')).toEqual(['n']);
    expect(found.problems('t')).toEqual([]);
  });

  it('leaves other names to datasets and files', () => {
    const found = graphOf([sql('q'), { type: 'typescript', name: 't' }], { q: ['Parcels'], t: ['parcels'] }, [
      'parcels',
    ]);
    expect(found.outside('q')).toEqual(['Parcels']);
    expect(found.readers('parcels')).toEqual(['q', 't']);
    expect(found.problems('q')).toEqual([]);
  });

  it('lets a cell read the dataset of its own name', () => {
    const found = graphOf([sql('parcels')], { parcels: ['parcels'] }, ['parcels']);
    expect(found.outside('parcels')).toEqual(['parcels']);
    expect(found.problems('parcels')).toEqual([]);
    expect(found.isInCycle('parcels')).toBe(false);
  });

  it.each([
    ['an unknown name', [sql('q')], { q: ['nowhere'] }, 'Nothing here is named nowhere: no cell, dataset or file.'],
    ['itself', [sql('q')], { q: ['q'] }, 'q reads itself, and no dataset or file has that name.'],
    ['an unknown input', [sql('q', '{{n}}')], {}, 'There is no input named n. Add an input cell with that name.'],
    [
      'an input as a table',
      [sql('q'), { type: 'input', name: 'n' }],
      { q: ['n'] },
      'n is an input, not a table: write {{n}}.',
    ],
    ['a chart', [sql('q'), { type: 'chart', name: 'c' }], { q: ['c'] }, 'c is a chart and has no rows to read.'],
    [
      'a table as an input',
      [sql('q', '{{r}}'), sql('r')],
      {},
      'There is no input named r. Add an input cell with that name.',
    ],
  ] as [string, CellSpec[], Record<string, string[]>, string][])(
    'says that a cell reads %s',
    (_, cells, reads, problem) => {
      expect(graphOf(cells, reads).problems('q')).toEqual([problem]);
    },
  );

  it('says nothing of unknown names while datasets are not known yet, or in other schemas', () => {
    expect(graphOf([sql('q')], { q: ['x'] }, null).problems('q')).toEqual([]);
    expect(graphOf([sql('q')], { q: ['information_schema.tables'] }).problems('q')).toEqual([]);
  });

  it('tells the second of two cells with one name', () => {
    const cells = readNotebook(makeNotebook({ title: '', cells: [sql('a'), sql('b'), sql('r')] })).cells;
    cells[1] = { ...cells[1]!, name: 'A' };
    const graph = buildGraph(cells, new Map([[cells[2]!.id, ['A']]]), new Set());
    expect(graph.get(cells[0]!.id)!.problems).toEqual([]);
    expect(graph.get(cells[1]!.id)!.problems).toEqual([
      'Another cell is already named a; who reads a reads that one. Rename this cell.',
    ]);
    expect(graph.get(cells[2]!.id)!.reads).toEqual([cells[1]!.id]);
  });

  it('shows a circle on each of its cells and on no other', () => {
    const found = graphOf([sql('a'), sql('b'), sql('c'), sql('d')], { a: ['c'], b: ['a'], c: ['b'], d: ['a'] });
    expect(found.problems('a')).toEqual(['a reads c reads b reads a: a circle, so none of them can run.']);
    expect(['a', 'b', 'c', 'd'].map(found.isInCycle)).toEqual([true, true, true, false]);
    expect(found.problems('d')).toEqual([]);
    expect(found.dependants('a')).not.toContain('a');
  });

  it('puts each cell after what it reads, for any graph without circles', () => {
    const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 30 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const cells = Array.from({ length: 10 }, (_, index) => sql(`q${index}`));
        const reads: Record<string, string[]> = {};
        for (const [a, b] of pairs) if (a !== b) (reads[`q${Math.min(a, b)}`] ??= []).push(`q${Math.max(a, b)}`);
        const { graph, order, dependants } = graphOf(cells, reads);
        const places = [...graph.keys()];
        for (const node of graph.values())
          for (const id of node.reads) expect(places.indexOf(id)).toBeLessThan(places.indexOf(node.id));
        for (const name of order) expect(dependants(name)).not.toContain(name);
      }),
    );
  });

  it('survives any graph', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(5))), (pairs) => {
        const cells = Array.from({ length: 6 }, (_, index) => sql(`q${index}`));
        const reads: Record<string, string[]> = {};
        for (const [a, b] of pairs) (reads[`q${a}`] ??= []).push(`q${b}`);
        const { order, isInCycle, dependants } = graphOf(cells, reads, []);
        expect(order.toSorted()).toEqual(cells.map((cell) => cell.name).toSorted());
        for (const name of order) if (!isInCycle(name)) expect(dependants(name)).not.toContain(name);
      }),
    );
  });
});

describe('cells on a cluster', () => {
  const trino = (name: string, connection = 'lake'): CellSpec => ({ type: 'sql', name, engine: 'trino', connection });

  it('take along the texts of others on the same connection, each after what it reads, and need the rows of the rest', () => {
    const found = graphOf(
      [trino('last'), trino('middle'), trino('first'), sql('local'), trino('far', 'other'), sql('slice')],
      { last: ['middle', 'far'], middle: ['first', 'local'], slice: ['last'] },
    );
    expect(found.texts('last')).toEqual(['first', 'middle']);
    expect(found.needs('last')).toEqual(['local', 'far']);
    expect(found.needs('slice')).toEqual(['last']);
    expect(found.needers('local')).toEqual(expect.arrayContaining(['middle', 'last']));
    expect(found.waiters('local')).toEqual(['middle', 'last', 'slice']);
    expect(found.waiters('first')).toEqual([]);
    expect(found.dependants('first')).toEqual(['middle', 'last', 'slice']);
  });

  it('a name that nothing here has is a table of the catalogue', () => {
    const found = graphOf([trino('q')], { q: ['purchase', 'shop.access'] });
    expect(found.problems('q')).toEqual([]);
    expect(found.outside('q')).toEqual(['purchase', 'shop.access']);
  });

  it('say that their connection is gone, or was never chosen', () => {
    const found = graphOf([trino('q'), trino('r', ''), trino('s', 'old')], {}, [], ['lake']);
    expect(found.problems('q')).toEqual([]);
    expect(found.problems('r')[0]).toMatch(/No connection is chosen/);
    expect(found.problems('s')[0]).toMatch(/is gone from the project/);
    expect(graphOf([trino('s', 'old')], {}, [], null).problems('s')).toEqual([]);
  });

  it('in a circle take nothing along', () => {
    const found = graphOf([trino('a'), trino('b')], { a: ['b'], b: ['a'] });
    expect([found.texts('a'), found.needs('a')]).toEqual([[], ['b']]);
  });
});
