import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CellSpec } from '#lib/notebook/cell.ts';
import { cellsOf, readNotebook } from '#lib/notebook/document.ts';
import { makeNotebook, setInput, setSource } from '#lib/notebook/edit.ts';
import { toRows } from '#lib/table/text.ts';
import type { EventInput } from '#lib/telemetry/event.ts';
import { echoKernel, smallEngine, type SmallEngine } from '#lib/testing/small-engine.ts';
import type { Told } from '#lib/client/changes.ts';
import { createNotebookStore, type StoreParts } from './notebook-store.ts';
import type { DatasetEntry, NotebookStore, SyncState } from './store.ts';
import type { Last } from './stream-window.ts';
import { openDuckDB } from '#lib/testing/duckdb.ts';
import { Int64, Table, TimestampMicrosecond, tableToIPC, vectorFromArray } from 'apache-arrow';
import type { LastRows, StreamView } from '#lib/client/api/streams.ts';

vi.setConfig({ hookTimeout: 120_000, testTimeout: 60_000 }); // DuckDB is compiled first, on a machine that may be busy

let browser: SmallEngine;
let warehouse: SmallEngine;
let store: NotebookStore;
let noted: EventInput[];
const parcels: DatasetEntry = {
  id: 'd1',
  name: 'parcels',
  kind: 'upload',
  columns: [{ name: 'n', type: 'INTEGER' }],
  rows: 3,
  version: 1,
  updatedAt: '2026-01-01T00:00:00.000Z',
};
let datasets: DatasetEntry[];
let streams: StreamView[];
/** The numbers of the events that came, all within the last minutes. */
let visits: number[];
let fetched: number;
/** Tells the store what is published. */
let publishing: Told;
let bytesOfParcels: Uint8Array;

beforeAll(async () => {
  [browser, warehouse] = await Promise.all([smallEngine(), smallEngine()]);
  const table = (await openDuckDB()).query('SELECT i::INTEGER AS n FROM range(3) t(i)');
  bytesOfParcels = tableToIPC(new Table(table.schema, table.batches), 'stream');
}, 60_000);

beforeEach(() => {
  browser.reset();
  warehouse.reset();
  noted = [];
  datasets = [parcels];
  streams = [];
  visits = [0, 1, 2];
  fetched = 0;
});

afterEach(() => store?.close());

function line(state: SyncState['state']) {
  const listeners = new Set<() => void>();
  const sync = { state, pending: 0, at: 1, reason: '' };
  const now = { sync };
  return {
    become: (next: SyncState['state']) => {
      now.sync = { ...sync, state: next };
      for (const listener of listeners) listener();
    },
    connect: (doc: Y.Doc) => ({
      awareness: new Awareness(doc),
      state: () => now.sync,
      subscribe: (listener: () => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      close: () => undefined,
    }),
  };
}

function lastVisits({ from }: Last): LastRows {
  const offsets = visits.filter((offset) => offset >= from).reverse();
  const table = new Table({
    _offset: vectorFromArray(offsets.map(BigInt), new Int64()),
    _received_at: vectorFromArray(
      offsets.map(() => 60_000),
      new TimestampMicrosecond(),
    ),
  });
  return { bytes: tableToIPC(table, 'stream'), at: 60_000 };
}

async function rowsOfParcels(): Promise<Uint8Array> {
  fetched++;
  return bytesOfParcels;
}

/** Opens a store on these cells; offline until told, so that nothing runs by itself. */
function open(cells: CellSpec[], more: Partial<StoreParts> & { state?: SyncState['state'] } = {}) {
  const doc = makeNotebook({ title: 'Test', cells });
  const wire = line(more.state ?? 'connecting');
  const typescript = echoKernel();
  store = createNotebookStore({
    notebook: { id: 'nb', projectId: 'p', role: 'editor', title: 'Test' },
    user: { id: 'u', name: 'Ana' },
    kernels: {
      browser,
      typescript,
      warehouse: { ...warehouse, engine: 'warehouse' },
      trino: () => ({ ...warehouse, engine: 'trino' }),
      trinoReads: (source) => warehouse.reads(source),
    },
    connect: wire.connect,
    api: {
      listDatasets: async () => ({ ok: true, value: datasets }),
      listConnections: async () => ({ ok: true, value: [] }),
      listStreams: async () => ({ ok: true, value: streams }),
      fetchLast: async (_, last) => ({ ok: true, value: lastVisits(last) }),
      fetchRows: async () => ({ ok: true, value: await rowsOfParcels() }),
      sendEvents: async (_, items) => noted.push(...items) > 0,
      beaconEvents: (_, items) => noted.push(...items) > 0,
      listenToChanges: (_, told) => {
        publishing = told;
        return () => undefined;
      },
    },
    doc,
    ...more,
  });
  return { doc, wire, typescript };
}

const sql = (name: string, source: string, more: Partial<CellSpec> = {}): CellSpec => ({
  type: 'sql',
  name,
  source,
  ...more,
});
const view = (name: string) => store.snapshot().cells.find((each) => each.cell.name === name)!;
const id = (name: string) => view(name).cell.id;
const stateOf = (name: string) => view(name)?.run.state;
const rows = (name: string) => toRows(store.result(id(name))?.batches ?? []);

/** Waits until the snapshot is so. */
function until(isSo: () => boolean): Promise<void> {
  store.snapshot();
  if (isSo()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = store.subscribe(() => {
      if (!isSo()) return;
      stop();
      resolve();
    });
  });
}

const settled = (...names: string[]) =>
  until(() => names.every((name) => ['good', 'failed', 'cancelled', 'stale'].includes(stateOf(name))));
const good = (...names: string[]) => until(() => names.every((name) => stateOf(name) === 'good'));

describe('running', () => {
  it('runs a cell and first what it reads, and gives the rows', async () => {
    open([sql('daily', 'SELECT * FROM base WHERE v > 1'), sql('base', 'SELECT * FROM (VALUES (1), (2)) t(v)')]);
    store.act.run(id('daily'));
    await good('daily', 'base');
    expect(rows('daily')).toEqual([['2']]);
    expect(browser.ran).toEqual(['base', 'daily']);
    expect(view('daily')).toMatchObject({ reads: ['base'], readBy: [], problems: [] });
    expect(store.result(id('daily'))).toMatchObject({ rows: 1, complete: true, asOf: '2026-01-01T00:00:00.000Z' });
    expect(store.result(id('daily'))!.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('binds inputs, and runs again what reads one when it changes', async () => {
    open([
      { type: 'input', name: 'until', source: '2' },
      sql('few', 'SELECT * FROM range(10) t(i) WHERE i < {{until}}'),
      sql('more', 'SELECT count(*) FROM few'),
      sql('beside', 'SELECT 1'),
    ]);
    store.act.runAll();
    await good('few', 'more', 'beside');
    browser.ran.length = 0;
    store.act.setInput(id('until'), { value: 5 });
    await until(() => rows('more')[0]?.[0] === '5');
    await good('few', 'more');
    expect(browser.ran).toEqual(['few', 'more']);
  });

  it('follows an input that somebody else changed', async () => {
    const { doc } = open([{ type: 'input', name: 'n', source: '1' }, sql('q', 'SELECT {{n}} AS n')]);
    store.act.run(id('q'));
    await good('q');
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    setInput(other, id('n'), { value: 7 });
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), 'remote');
    await until(() => rows('q')[0]?.[0] === '7');
    expect(store.snapshot().canUndo).toBe(false);
  });

  it('reads datasets, fetched once a version', async () => {
    open([sql('a', 'SELECT count(*) FROM parcels'), sql('b', 'SELECT max(n) FROM parcels')]);
    store.act.runAll();
    await good('a', 'b');
    expect([rows('a'), rows('b'), fetched]).toEqual([[['3']], [['2']], 1]);
    expect(view('a').reads).toEqual(['parcels']);
    datasets = [{ ...parcels, version: 2 }];
    await store.act.refreshDatasets();
    expect(view('a').run).toMatchObject({ state: 'stale' });
    expect(view('a').run.why).toMatch(/^parcels changed at/);
    store.act.runStale();
    await good('a', 'b');
    expect(fetched).toBe(2);
  });

  it('does not take more of a dataset than a tab should, and names the way out', async () => {
    datasets = [{ ...parcels, rows: 80_000_000 }];
    open([sql('a', 'SELECT count(*) FROM parcels')]);
    store.act.run(id('a'));
    await settled('a');
    expect(view('a').run.error!.message).toContain('80,000,000 rows');
    expect(fetched).toBe(0);
  });

  it('reads the result of a warehouse cell in the browser, and a browser cell in the warehouse', async () => {
    open([
      sql('far', 'SELECT 20 AS v', { engine: 'warehouse' }),
      sql('near', 'SELECT v + 1 AS v FROM far'),
      sql('back', 'SELECT v * 2 AS v FROM near', { engine: 'warehouse' }),
    ]);
    store.act.run(id('back'));
    await good('back');
    expect(rows('back')).toEqual([['42']]);
    expect([browser.ran, warehouse.ran]).toEqual([['near'], ['far', 'back']]);
  });

  describe('a stream', () => {
    const stream = {
      id: 's1',
      name: 'visits',
      columns: [],
      eventTime: 'time',
      events: 3,
      rate: 1,
      lastReceivedAt: null,
    };

    /** What a look of every two seconds does, at once. */
    const follow = () => store.act.setStream('s1', { isLive: true });

    beforeEach(() => {
      streams = [stream as unknown as StreamView];
    });

    it('is read in the browser as its last minutes, and the result says so', async () => {
      open([sql('a', 'SELECT count(*) FROM visits'), sql('b', 'SELECT * FROM a')]);
      store.act.runAll();
      await good('a', 'b');
      expect([rows('a'), view('a').reads, view('a').problems]).toEqual([[['3']], ['visits'], []]);
      const span = { name: 'visits', minutes: 15, at: 60_000 };
      expect([store.result(id('a'))!.spans, store.result(id('b'))!.spans]).toEqual([[span], [span]]);
    });

    it('is followed: what reads it runs again with what came, and is nobody’s run', async () => {
      open([sql('a', 'SELECT count(*) FROM visits'), sql('b', 'SELECT * FROM a'), sql('c', 'SELECT 1')]);
      store.act.runAll();
      await good('a', 'b', 'c');
      const counted = noted.length;
      browser.ran.length = 0;
      visits = [...visits, 3];
      follow();
      await until(() => rows('b')[0]?.[0] === '4');
      await good('a', 'b', 'c');
      expect(browser.ran).toEqual(['a', 'b']);
      expect(noted.length).toBe(counted);
    });

    it('is not followed by a cell that is being written, nor when it is paused', async () => {
      open([sql('a', 'SELECT count(*) FROM visits')]);
      store.act.run(id('a'));
      await good('a');
      store.act.setSource(id('a'), 'SELECT count(*) FROM visits WHERE');
      browser.ran.length = 0;
      visits = [...visits, 3];
      follow();
      store.act.setStream('s1', { isLive: false });
      expect(store.snapshot().streams[0]).toMatchObject({ isLive: false, minutes: 15 });
      await store.act.refreshDatasets();
      expect(browser.ran).toEqual([]);
    });

    it('with other minutes is read again', async () => {
      open([sql('a', 'SELECT count(*) FROM visits')]);
      store.act.run(id('a'));
      await good('a');
      store.act.setStream('s1', { minutes: 60 });
      await until(() => store.result(id('a'))?.spans[0]?.minutes === 60);
      expect(rows('a')).toEqual([['3']]);
    });

    it('is whole on the warehouse, which has it', async () => {
      open([sql('q', 'SELECT 1 FROM visits', { engine: 'warehouse' })]);
      store.act.run(id('q'));
      await settled('q');
      expect(warehouse.loads).toEqual([]);
    });
  });

  it('leaves datasets to the warehouse, which has them', async () => {
    open([sql('q', 'SELECT 1 FROM parcels', { engine: 'warehouse' })]);
    store.act.run(id('q'));
    await settled('q');
    expect(warehouse.loads).toEqual([]);
    expect(fetched).toBe(0);
  });

  it('gives tables and inputs to TypeScript, and its rows to SQL', async () => {
    const { typescript } = open([
      sql('base', 'SELECT 1 AS v'),
      { type: 'typescript', name: 'copy', source: 'rows of base' },
      sql('again', 'SELECT v + 1 FROM copy'),
    ]);
    store.act.run(id('again'));
    await good('again');
    expect(rows('again')).toEqual([['2']]);
    expect(Object.keys(typescript.seen[0]!.relations)).toEqual(['base']);
    expect(store.result(id('copy'))!.logs).toHaveLength(1);
  });

  it('keeps what a TypeScript cell said before it failed', async () => {
    open([{ type: 'typescript', name: 't', source: 'nothing' }]);
    store.act.run(id('t'));
    await settled('t');
    expect(view('t').run).toMatchObject({ state: 'failed', error: { code: 'unknown-name' } });
    expect(store.result(id('t'))!.logs[0]!.text).toBe('nothing');
  });

  it('cuts a result at the limit, and what is made of it is no whole either', async () => {
    open([sql('big', 'SELECT * FROM range(50)'), sql('sum', 'SELECT count(*) FROM big')], { limit: 10 });
    store.act.run(id('sum'));
    await good('sum');
    expect(store.result(id('big'))).toMatchObject({ rows: 10, complete: false });
    expect(store.result(id('sum'))).toMatchObject({ rows: 1, complete: false });
    expect(store.result(id('sum'))!.logs.map((log) => log.text)).toEqual([
      'big holds its first rows only, so this is of a part.',
    ]);
  });

  it('shows the last good rows again when a run fails', async () => {
    open([sql('q', 'SELECT 1')]);
    store.act.run(id('q'));
    await good('q');
    store.act.setSource(id('q'), 'SELECT nope');
    store.act.run(id('q'));
    await until(() => stateOf('q') === 'failed');
    expect(rows('q')).toEqual([['1']]);
  });

  it('stops what runs and what waits', async () => {
    browser.gates.set('slow', new Promise(() => undefined));
    open([sql('slow', 'SELECT 1'), sql('next', 'SELECT * FROM slow')]);
    store.act.run(id('next'));
    await until(() => stateOf('slow') === 'running');
    expect(stateOf('next')).toBe('queued');
    store.act.stop(id('slow'));
    await until(() => stateOf('slow') === 'cancelled');
    expect(view('next').run).toMatchObject({
      state: 'cancelled',
      error: { code: 'cancelled', message: 'slow was stopped, so this did not run.' },
    });
  });

  it('ignores what a deleted cell still says', async () => {
    browser.gates.set('slow', new Promise(() => undefined));
    open([sql('slow', 'SELECT 1'), sql('other', 'SELECT 2')]);
    store.act.run(id('slow'));
    await until(() => stateOf('slow') === 'running');
    store.act.remove(id('slow'));
    store.act.run(id('other'));
    await good('other');
    expect(store.snapshot().cells.map((each) => each.cell.name)).toEqual(['other']);
  });

  it('refuses Trino as long as no connection is chosen', async () => {
    open([sql('q', 'SELECT 1', { engine: 'trino' })]);
    store.act.run(id('q'));
    await settled('q');
    expect(view('q').run.error!.code).toBe('refused');
  });

  it('marks what was edited and what reads it', async () => {
    open([sql('a', 'SELECT 1 AS v'), sql('b', 'SELECT * FROM a')]);
    store.act.runAll();
    await good('a', 'b');
    store.act.setSource(id('a'), 'SELECT 2 AS v');
    expect([view('a').run.state, view('b').run.state]).toEqual(['stale', 'stale']);
    expect(view('b').run.why).toMatch(/^a changed at \d\d:\d\d$/);
  });
});

describe('charts', () => {
  const cells = [
    sql('sales', "SELECT * FROM (VALUES ('n', 1), ('n', 2), ('s', 4)) t(region, v)"),
    {
      type: 'chart',
      name: 'c',
      chart: { from: 'sales', type: 'bar', x: 'region', y: 'v', aggregate: 'sum', sort: 'x' },
    },
  ] satisfies CellSpec[];

  it('draw what the engine summed, as soon as the rows are there and again when they change', async () => {
    open(cells);
    store.act.run(id('sales'));
    await good('c');
    expect(rows('c')).toEqual([
      ['n', '3.0'],
      ['s', '4.0'],
    ]);
    store.act.setChart(id('c'), { aggregate: 'max' });
    await until(() => rows('c')[0]?.[1] === '2.0');
  });

  it('do not run again for their words', async () => {
    open(cells);
    store.act.run(id('sales'));
    await good('c');
    browser.ran.length = 0;
    store.act.setChart(id('c'), { title: 'Sales by region' });
    expect(stateOf('c')).toBe('good');
    expect(browser.ran).toEqual([]);
  });

  it('say what is missing', async () => {
    open([...cells, { type: 'chart', name: 'empty' }]);
    store.act.setChart(id('c'), { x: 'gone' });
    store.act.run(id('c'));
    await settled('c');
    expect(view('c').run.error!.message).toBe('sales has no column gone (any more). Choose another.');
    store.act.run(id('empty'));
    await settled('empty');
    expect(view('empty').run.error!.message).toBe('Choose the cell whose rows to draw.');
  });

  it('begin with the rows above and what their columns suggest', async () => {
    open([cells[0]!]);
    store.act.run(id('sales'));
    await good('sales');
    store.act.add({ type: 'chart' }, { after: id('sales') });
    expect(view('chart_1').cell.chart).toMatchObject({ from: 'sales', type: 'bar', x: 'region', y: 'v' });
  });

  it('are drawn when they are added to rows that are there', async () => {
    const { wire } = open([cells[0]!]);
    wire.become('stored');
    await good('sales');
    store.act.add({ type: 'chart', name: 'added' }, { after: id('sales') });
    await good('added');
    expect(rows('added')).toEqual([
      ['s', '4.0'],
      ['n', '3.0'],
    ]);
  });

  it('warn when they sum a part', async () => {
    open(cells, { limit: 2 });
    store.act.run(id('sales'));
    await good('c');
    expect(store.result(id('c'))).toMatchObject({ complete: false });
    expect(store.result(id('c'))!.logs[0]!.text).toContain('sales holds its first 2 rows only');
  });
});

describe('opening', () => {
  it('runs what is local and reads nothing far, once the document is there', async () => {
    const { wire } = open([
      sql('near', 'SELECT 1 AS v'),
      sql('far', 'SELECT 2', { engine: 'warehouse' }),
      sql('mixed', 'SELECT * FROM far'),
      sql('wrong', 'SELECT * FROM nowhere'),
      sql('empty', '  '),
      { type: 'chart', name: 'c', chart: { from: 'near', type: 'number', y: 'v', aggregate: 'sum' } },
    ]);
    expect(browser.ran).toEqual([]);
    wire.become('stored');
    await good('near', 'c');
    expect(warehouse.ran).toEqual([]);
    expect(['far', 'mixed', 'wrong', 'empty'].map(stateOf)).toEqual(['idle', 'idle', 'idle', 'idle']);
    wire.become('offline');
    wire.become('stored');
    expect(browser.ran.filter((name) => name === 'near')).toHaveLength(1);
  });

  it('tells problems of names', async () => {
    open([sql('q', 'SELECT * FROM nowhere')]);
    await until(() => view('q').problems.length > 0);
    expect(view('q').problems).toEqual(['Nothing here is named nowhere: no cell, dataset or file.']);
  });
});

describe('editing', () => {
  it('takes back what this tab did, a deleted cell with its text', async () => {
    open([sql('a', 'SELECT 1')]);
    store.act.setSource(id('a'), 'SELECT 1 + 1');
    store.act.remove(id('a'));
    expect(store.snapshot()).toMatchObject({ cells: [], canUndo: true, canRedo: false });
    store.act.undo();
    expect(view('a').cell.source).toBe('SELECT 1 + 1');
    store.act.undo();
    expect(view('a').cell.source).toBe('SELECT 1');
    store.act.redo();
    expect(view('a').cell.source).toBe('SELECT 1 + 1');
  });

  it('leaves what others did', () => {
    const { doc } = open([sql('a', 'SELECT 1')]);
    store.act.rename(id('a'), 'b');
    setSource(doc, id('b'), 'SELECT 2', 'someone else');
    store.act.undo();
    expect(view('a').cell.source).toBe('SELECT 2');
  });

  it('moves by one, and not past the ends', () => {
    open([sql('a', ''), sql('b', '')]);
    store.act.move(id('b'), -1);
    store.act.move(id('b'), -1);
    expect(store.snapshot().cells.map((each) => each.cell.name)).toEqual(['b', 'a']);
    store.act.move(id('b'), 1);
    expect(store.snapshot().cells.map((each) => each.cell.name)).toEqual(['a', 'b']);
  });

  it('writes nothing for a reader', () => {
    const { doc } = open([sql('a', 'SELECT 1')], {
      notebook: { id: 'nb', projectId: 'p', role: 'reader', title: 'Test' },
    });
    const before = Y.encodeStateVector(doc);
    store.act.add(sql('b', ''), {});
    store.act.remove(id('a'));
    store.act.setSource(id('a'), 'x');
    store.act.setTitle('x');
    store.act.undo();
    expect(Y.encodeStateVector(doc)).toEqual(before);
  });

  it('never writes a result into the document', async () => {
    const { doc } = open([sql('a', 'SELECT 41 + 1 AS v')]);
    const before = Y.encodeStateVector(doc);
    store.act.run(id('a'));
    await good('a');
    expect(Y.encodeStateVector(doc)).toEqual(before);
    expect(readNotebook(doc).cells).toHaveLength(1);
  });
});

describe('the snapshot', () => {
  it('is the same object until something in it changed, and cells that did not change stay the same', () => {
    open([sql('a', ''), sql('b', '')]);
    const before = store.snapshot();
    expect(store.snapshot()).toBe(before);
    store.act.setSource(id('a'), 'SELECT 1');
    const after = store.snapshot();
    expect(after).not.toBe(before);
    expect(after.cells[0]).not.toBe(before.cells[0]);
    expect(after.cells[1]).toBe(before.cells[1]);
    expect(after.datasets).toBe(before.datasets);
  });

  it('survives cells that are none', () => {
    const { doc } = open([sql('a', '')]);
    cellsOf(doc).set('evil', 'no map');
    cellsOf(doc).set('worse', new Y.Map([['type', 'nothing']]));
    expect(store.snapshot().cells.map((each) => each.cell.name)).toEqual(['a']);
  });

  it('tells who is here and where', () => {
    open([sql('a', '')]);
    store.act.focus(id('a'));
    expect(store.snapshot().people).toMatchObject([{ userId: 'u', name: 'Ana', isSelf: true, cellId: id('a') }]);
  });
});

describe('what is published', () => {
  const parcelsAt = (version: number) => ({ datasetId: parcels.id, name: parcels.name, version });
  const cells = [sql('a', 'SELECT count(*) AS v FROM parcels'), sql('b', 'SELECT v + 1 AS v FROM a')];

  it('is in the cells that read it, and in what follows from them, and counts as nobody’s run', async () => {
    open(cells);
    store.act.runAll();
    await good('a', 'b');
    const before = noted.length;
    publishing.published!(parcelsAt(2));
    await until(() => fetched === 2);
    await good('a', 'b');
    expect([rows('a'), rows('b')]).toEqual([[['3']], [['4']]]);
    expect(noted).toHaveLength(before);
  });

  it('leaves alone what never ran', async () => {
    open(cells);
    await until(() => store.snapshot().datasets.length > 0);
    publishing.published!(parcelsAt(2));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect([stateOf('a'), stateOf('b')]).toEqual(['idle', 'idle']);
  });

  it('is asked for after a pause of the line', async () => {
    open(cells);
    store.act.runAll();
    await good('a', 'b');
    datasets = [{ ...parcels, version: 7 }];
    publishing.again!();
    await until(() => fetched === 2);
    await good('a', 'b');
  });
});

describe('files', () => {
  it('are queryable under a free name, until removed', async () => {
    open([sql('sales', 'SELECT 1')]);
    await until(() => store.snapshot().datasets.length > 0);
    const table = await store.act.addFile(new File(['v\n1\n2'], 'Sales.csv'), () => undefined);
    expect(table.name).toBe('sales_2');
    expect(store.snapshot().files).toMatchObject([{ name: 'sales_2', fileName: 'Sales.csv', rows: 2 }]);
    store.act.add(sql('q', 'SELECT sum(v) FROM sales_2'), {});
    store.act.run(id('q'));
    await good('q');
    expect(rows('q')).toEqual([['3']]);
    await store.act.removeFile('sales_2');
    expect(view('q').run.state).toBe('stale');
    expect(view('q').problems).toEqual(['Nothing here is named sales_2: no cell, dataset or file.']);
  });

  it('are given to engines that do not hold them', async () => {
    open([{ type: 'typescript', name: 't', source: 'rows of up' }]);
    await store.act.addFile(new File(['v'], 'up.csv'), () => undefined);
    store.act.run(id('t'));
    await good('t');
    expect(rows('t')).toEqual([['1'], ['2']]);
  });
});

describe('facts', () => {
  it('note the opening, runs and charts, and no word of anything', async () => {
    open([
      sql('secret_name', "SELECT 'secret text' AS region, 1 AS v"),
      {
        type: 'chart',
        name: 'c',
        chart: { from: 'secret_name', type: 'bar', x: 'region', color: 'region', title: 'secret title' },
      },
    ]);
    store.act.run(id('secret_name'));
    await good('c');
    store.close();
    expect(noted.map((item) => item.fact.kind)).toEqual(['notebook-opened', 'cell-run', 'chart-shown']);
    expect(noted[1]!.fact).toMatchObject({
      cellType: 'sql',
      engine: 'browser',
      state: 'good',
      rows: 1,
      complete: true,
    });
    expect(noted[2]!.fact).toEqual({ kind: 'chart-shown', type: 'bar', grouped: true, sorted: false, titled: true });
    expect(JSON.stringify(noted)).not.toContain('secret');
  });

  it('note a failed run', async () => {
    open([sql('q', 'SELECT nope')]);
    store.act.run(id('q'));
    await settled('q');
    store.close();
    expect(noted[1]!.fact).toMatchObject({ kind: 'cell-run', state: 'failed', rows: null });
  });
});
