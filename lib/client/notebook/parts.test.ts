import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cellsOf } from '#lib/notebook/document.ts';
import {
  insertCell,
  makeNotebook,
  moveCell,
  removeCell,
  renameCell,
  setChart,
  setInput,
  setSource,
  setTitle,
} from '#lib/notebook/edit.ts';
import type { EventInput } from '#lib/telemetry/event.ts';
import { Cells, type Change } from './cells.ts';
import { Facts } from './facts.ts';
import { tableName } from './file.ts';
import { peopleIn } from './people.ts';
import { Reads } from './reads.ts';
import { Telemetry } from './telemetry.ts';

afterEach(() => void vi.useRealTimers());

describe('Cells', () => {
  function watch() {
    const doc = makeNotebook({
      title: 't',
      cells: [
        { type: 'sql', name: 'q' },
        { type: 'input', name: 'n', source: '1' },
        { type: 'chart', name: 'c' },
        { type: 'markdown' },
      ],
    });
    const changes: Change[] = [];
    const cells = new Cells(doc, (change) => changes.push(change));
    const id = (name: string) => cells.all().find((cell) => cell.name === name)!.id;
    return { doc, cells, changes, id };
  }
  const nothing = { added: [], edited: [], inputs: [], renamed: [] };

  it('tells what a change means for runs', () => {
    const { doc, changes, id } = watch();
    const [q, n, c, m] = [id('q'), id('n'), id('c'), id('')];
    setSource(doc, q, 'SELECT 1');
    setInput(doc, n, { value: 2 });
    setInput(doc, n, { hint: 'days' });
    setChart(doc, c, { x: 'day' });
    setChart(doc, c, { title: 'Days' });
    renameCell(doc, q, 'days');
    moveCell(doc, q, {});
    setTitle(doc, 'New');
    setSource(doc, m, '# Title');
    expect(changes).toEqual([
      { ...nothing, edited: [q] },
      { ...nothing, inputs: [n] },
      nothing,
      { ...nothing, edited: [c] },
      nothing,
      { ...nothing, renamed: [q] },
      nothing,
      nothing,
      { ...nothing, edited: [m] },
    ]);
  });

  it('keeps the objects of cells nobody touched, and the order of positions', () => {
    const { doc, cells, id } = watch();
    const before = cells.all();
    const added = insertCell(doc, { type: 'sql', name: 'first' }, { before: id('q') });
    expect(cells.all().map((cell) => cell.name)).toEqual(['first', 'q', 'n', 'c', '']);
    expect(cells.all().slice(1)).toEqual(before);
    for (const [index, cell] of before.entries()) expect(cells.all()[index + 1]).toBe(cell);
    removeCell(doc, added);
    expect(cells.get(added)).toBeUndefined();
  });

  it('takes what no cell is as gone, and what a cell becomes as one', () => {
    const { doc, cells } = watch();
    cellsOf(doc).set('x', 'nothing');
    expect(cells.all()).toHaveLength(4);
    cellsOf(doc).set('x', new Y.Map([['type', 'sql']]));
    expect(cells.all()).toHaveLength(5);
  });

  it('hears nothing after it was closed', () => {
    const { doc, cells, changes } = watch();
    cells.close();
    setTitle(doc, 'x');
    insertCell(doc, { type: 'sql' });
    expect(changes).toEqual([]);
  });
});

describe('Facts', () => {
  const item = (cellId: string): EventInput => ({ notebookId: 'n', cellId, fact: { kind: 'notebook-opened' } });

  it('sends what gathered as one batch', async () => {
    vi.useFakeTimers();
    const batches: EventInput[][] = [];
    const facts = new Facts({ send: async (items) => batches.push(items) > 0, beacon: () => true, every: 1000 });
    facts.note(item('a'));
    facts.note(item('b'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(batches).toEqual([[item('a'), item('b')]]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(batches).toHaveLength(1);
  });

  it('tries a few times and then drops, without an end of tries', async () => {
    vi.useFakeTimers();
    let tries = 0;
    const facts = new Facts({ send: async () => ++tries < 0, beacon: () => true, every: 10 });
    facts.note(item('a'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tries).toBe(3);
  });

  it('hands what is left to the browser when the page goes away', () => {
    const beaconed: EventInput[] = [];
    const facts = new Facts({ send: async () => true, beacon: (items) => beaconed.push(...items) > 0 });
    for (let index = 0; index < 250; index++) facts.note(item(String(index)));
    facts.flush();
    facts.flush();
    expect(beaconed).toHaveLength(250);
  });
});

describe('Telemetry', () => {
  it('counts a burst of changes to a chart as one edit, and tells the chart it became', () => {
    vi.useFakeTimers();
    const noted: EventInput[] = [];
    const telemetry = new Telemetry('n', (each) => noted.push(each), 100);
    const doc = makeNotebook({ title: '', cells: [{ type: 'chart', chart: { type: 'bar' } }] });
    const cells = new Cells(doc, () => undefined);
    const { id } = cells.all()[0]!;
    for (const x of ['a', 'b', 'c']) {
      setChart(doc, id, { x, color: x });
      telemetry.chartEdited(id, () => cells.get(id)?.chart);
      vi.advanceTimersByTime(50);
    }
    vi.advanceTimersByTime(100);
    expect(noted.map((each) => each.fact)).toEqual([
      { kind: 'chart-edited', type: 'bar', grouped: true, sorted: false, titled: false },
    ]);
  });

  it('has nothing to tell of a chart that is gone', () => {
    vi.useFakeTimers();
    const noted: EventInput[] = [];
    new Telemetry('n', (each) => noted.push(each), 100).chartEdited('c', () => null);
    vi.advanceTimersByTime(200);
    expect(noted).toEqual([]);
  });
});

describe('Reads', () => {
  const cellsFor = (source: string) =>
    new Cells(makeNotebook({ title: '', cells: [{ type: 'sql', name: 'q', source }] }), () => undefined).all();

  it('asks once a text', async () => {
    let asked = 0;
    const reads = new Reads(
      { sql: async () => [`t${++asked}`], trino: async () => [], typescript: async () => [] },
      () => undefined,
    );
    const cells = cellsFor('SELECT 1');
    await Promise.all([reads.settle(cells), reads.settle(cells)]);
    await reads.settle(cells);
    expect(reads.of(cells).get(cells[0]!.id)).toEqual(['t1']);
    await reads.settle([{ ...cells[0]!, source: 'SELECT 2' }]);
    expect(asked).toBe(2);
  });

  it('asks again where the engine could not tell', async () => {
    const answers = [Promise.reject(new Error('starting')), Promise.resolve(['t'])];
    const reads = new Reads(
      { sql: () => answers.shift()!, trino: async () => [], typescript: async () => [] },
      () => undefined,
    );
    const cells = cellsFor('SELECT 1');
    await reads.settle(cells);
    expect(reads.of(cells).get(cells[0]!.id)).toEqual([]);
    await reads.settle(cells);
    expect(reads.of(cells).get(cells[0]!.id)).toEqual(['t']);
  });
});

describe('peopleIn', () => {
  it('names oneself first, believes the stamp of the server and nothing malformed', () => {
    const awareness = new Awareness(new Y.Doc());
    awareness.setLocalState({ cell: 'c1' });
    awareness.states.set(7, { user: { id: 'b', name: 'Bo', colour: 'who-2' }, cell: 'c2' });
    awareness.states.set(8, { user: { id: 'c', name: 'Al', colour: 'url(javascript:1)' }, cell: { evil: true } });
    awareness.states.set(9, { user: 'nobody' });
    awareness.states.set(10, {});
    const people = peopleIn(awareness, { id: 'a', name: 'Ana' });
    expect(people.map(({ name, isSelf, cellId }) => [name, isSelf, cellId])).toEqual([
      ['Ana', true, 'c1'],
      ['Al', false, null],
      ['Bo', false, 'c2'],
    ]);
    expect(people[1]!.colour).toMatch(/^who-[1-6]$/);
    awareness.destroy();
  });
});

describe('tableName', () => {
  it.each([
    ['Late parcels (42).csv', 'late_parcels_42'],
    ['2026.parquet', '_2026'],
    ['数据.csv', 'file'],
    ['orders.csv', 'orders_2'],
    ['.csv', 'file'],
  ])('%s becomes %s', (fileName, name) => {
    expect(tableName(fileName, ['orders'])).toBe(name);
  });
});
