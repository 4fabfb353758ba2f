import { describe, expect, it } from 'vitest';
import type { Cell, InputSpec } from '#lib/notebook/cell.ts';
import { freeze } from './freeze.ts';

const sql = (name: string, source: string, engine: Cell['engine'] = 'browser'): Cell => ({
  id: `id-${name}`,
  type: 'sql',
  name,
  position: name,
  source,
  engine,
  connection: '',
  chart: null,
  input: null,
});
const typescript = (name: string): Cell => ({ ...sql(name, '1'), type: 'typescript', engine: 'typescript' });
const input = (name: string, kind: InputSpec['kind'], value: InputSpec['value']): Cell => ({
  ...sql(name, ''),
  type: 'input',
  engine: null,
  input: { kind, value, options: [], hint: '', min: null, max: null },
});

/** Enough of an engine for these texts: words after from and join. */
const reads = async (text: string) =>
  [...text.matchAll(/\b(?:from|join)\s+([\w.]+)/g)].map((match) => match[1] as string);
const known = [
  { name: 'purchase', connection: null },
  { name: 'user', connection: null },
  { name: 'daily', connection: 'eu' },
];
const datasets = async (names: string[]) =>
  known.filter((each) => names.some((name) => name.toLowerCase() === each.name));
const connections = new Map([
  ['eu', 'lake_eu'],
  ['us', 'lake_us'],
]);
const around = (...cells: Cell[]) => ({ cells, reads, datasets, connections });
/** A cell on the cluster lake_eu, or on another. */
const trino = (name: string, source: string, connection = 'eu'): Cell => ({
  ...sql(name, source, 'trino'),
  connection,
});

const windowed = 'select * from purchase where at >= {{window_start}} and at < {{window_end}}';

describe('freeze', () => {
  it('takes the cells it reads first, each once', async () => {
    const clean = sql('clean', windowed);
    const byShop = sql('by_shop', 'select * from clean join user using (id)');
    const top = sql('top', 'select * from by_shop join clean using (id)');
    const frozen = await freeze(top, around(top, byShop, clean));
    expect(frozen.ok && frozen.steps).toEqual([
      { name: 'clean', engine: 'warehouse', sql: windowed },
      { name: 'by_shop', engine: 'warehouse', sql: byShop.source },
      { name: 'top', engine: 'warehouse', sql: top.source },
    ]);
  });

  it('leaves cells it does not read', async () => {
    const one = sql('one', windowed);
    const frozen = await freeze(one, around(one, sql('other', 'select 1')));
    expect(frozen.ok && frozen.steps.map((step) => step.name)).toEqual(['one']);
  });

  it('freezes the values of the inputs used, and only those', async () => {
    const one = sql('one', `${windowed} and country = {{country}}`);
    const cells = [
      one,
      input('country', 'text', 'DE'),
      input('unused', 'number', 3),
      input('window_start', 'date', '2026-11-20'),
    ];
    const frozen = await freeze(one, around(...cells));
    expect(frozen).toMatchObject({
      ok: true,
      parameters: { country: { type: 'text', value: 'DE' } },
      windowAs: 'date',
    });
    expect(frozen.ok && Object.keys(frozen.parameters)).toEqual(['country']);
  });

  it('binds windows as timestamps without an input', async () => {
    const one = sql('one', windowed);
    expect(await freeze(one, around(one))).toMatchObject({ windowAs: 'timestamp', usesWindow: true, warnings: [] });
  });

  it('reads names as SQL does, whatever their case', async () => {
    const one = sql('one', 'select * from CLEAN join PURCHASE using (id)');
    const frozen = await freeze(one, around(one, sql('clean', windowed)));
    expect(frozen.ok && frozen.steps.map((step) => step.name)).toEqual(['clean', 'one']);
  });

  it('takes a cell before a dataset of the same name', async () => {
    const one = sql('one', 'select * from purchase');
    const mine = sql('purchase', 'select 1');
    const frozen = await freeze(one, around(one, mine));
    expect(frozen.ok && frozen.steps.map((step) => step.name)).toEqual(['purchase', 'one']);
  });

  it('says when no window is used, and warns when only one end is', async () => {
    const none = sql('none', 'select * from purchase');
    expect(await freeze(none, around(none))).toMatchObject({ usesWindow: false, warnings: [] });
    const half = sql('half', 'select * from purchase where at >= {{window_start}}');
    const frozen = await freeze(half, around(half));
    expect(frozen.ok && frozen.warnings[0]).toContain('not {{window_end}}');
  });

  it('does not take a parameter in a comment for one', async () => {
    const one = sql('one', `${windowed} -- {{country}}`);
    expect(await freeze(one, around(one))).toMatchObject({ ok: true, parameters: {} });
  });
});

describe('freeze refuses', () => {
  const refused = async (cell: Cell, ...cells: Cell[]) => {
    const frozen = await freeze(cell, around(cell, ...cells));
    return frozen.ok ? 'nothing' : `${frozen.code}: ${frozen.message}`;
  };

  it('what is not SQL', async () => {
    expect(await refused(typescript('model'))).toMatch(/^not-sql: model is a TypeScript cell/);
  });

  it('a cell that reads TypeScript, however far', async () => {
    const near = sql('near', 'select * from model');
    expect(await refused(sql('far', 'select * from near'), near, typescript('model'))).toMatch(
      /^reads-typescript: near reads model/,
    );
  });

  it('an unknown name, and says what to do with a file', async () => {
    expect(await refused(sql('one', 'select * from sales_csv'))).toMatch(
      /^unknown-name: one reads sales_csv.*upload it/,
    );
  });

  it('a circle, and names it', async () => {
    const b = sql('b', 'select * from a');
    expect(await refused(sql('a', 'select * from b'), b)).toMatch(/^cycle: a → b → a/);
  });

  it('a parameter without an input', async () => {
    expect(await refused(sql('one', 'select {{rate}}'))).toMatch(/^unknown-parameter: .*\{\{rate\}\}/);
  });

  it('window inputs that are no times, or two kinds of times', async () => {
    const one = sql('one', windowed);
    expect(await refused(one, input('window_start', 'text', 'x'))).toMatch(/^window-inputs/);
    const mixed = [
      input('window_start', 'date', '2026-11-20'),
      input('window_end', 'timestamp', '2026-11-21 00:00:00'),
    ];
    expect(await refused(one, ...mixed)).toMatch(/^window-inputs/);
  });
});

describe('freeze with a cluster', () => {
  const step = (cell: Cell) => ({ name: cell.name, engine: 'trino', connection: cell.connection, sql: cell.source });

  it('takes the cells it reads there, each with its connection and its own text', async () => {
    const clean = trino('clean', `select * from orders where at >= {{window_start}}`);
    const top = trino('top', 'select count(*) from clean');
    const frozen = await freeze(top, around(top, clean));
    expect(frozen.ok && frozen.steps).toEqual([step(clean), step(top)]);
  });

  it('takes what is no cell and no dataset for a table there', async () => {
    const one = trino('one', 'select * from orders join iceberg.shop.users using (id)');
    expect(await freeze(one, around(one))).toMatchObject({ ok: true });
  });

  it('lets the cluster run first and the warehouse over its rows, from several clusters', async () => {
    const users = sql('users', 'select * from user');
    const [eu, us] = [trino('eu', 'select * from a'), trino('us', 'select * from b', 'us')];
    const all = sql('all', 'select * from users join eu using (id) join us using (id)');
    const frozen = await freeze(all, around(all, users, eu, us));
    expect(frozen.ok && frozen.steps.map((each) => `${each.name} ${each.engine}`)).toEqual([
      'eu trino',
      'us trino',
      'users warehouse',
      'all warehouse',
    ]);
  });

  it('lets both read a dataset whose rows are on the cluster', async () => {
    const there = trino('there', 'select * from daily');
    const here = sql('here', 'select * from daily');
    expect(await freeze(there, around(there))).toMatchObject({ ok: true });
    expect(await freeze(here, around(here))).toMatchObject({ ok: true });
  });

  it('asks what a text reads in the dialect of its engine', async () => {
    const asked: string[] = [];
    const one = sql('one', 'select * from two');
    const two = trino('two', 'select 1');
    await freeze(one, {
      ...around(one, two),
      reads: (text, engine) => {
        asked.push(`${engine}: ${text}`);
        return reads(text);
      },
    });
    expect(asked).toEqual(['warehouse: select * from two', 'trino: select 1']);
  });

  const refused = async (cell: Cell, ...cells: Cell[]) => {
    const frozen = await freeze(cell, around(cell, ...cells));
    return frozen.ok ? 'nothing' : `${frozen.code}: ${frozen.message}`;
  };

  it('refuses a cell there that reads one of the warehouse, and says what to do', async () => {
    expect(await refused(trino('top', 'select * from clean'), sql('clean', 'select 1'))).toMatch(
      /^reads-warehouse: top runs on lake_eu and reads clean.*Let clean run on lake_eu too, or let top run in the warehouse/,
    );
  });

  it('refuses one that reads another cluster', async () => {
    expect(await refused(trino('top', 'select * from far'), trino('far', 'select 1', 'us'))).toMatch(
      /^other-connection: top runs on lake_eu and reads far, which runs on lake_us/,
    );
  });

  it('refuses a dataset of the warehouse, and one on another cluster', async () => {
    expect(await refused(trino('one', 'select * from purchase'))).toMatch(
      /^reads-warehouse: .*the dataset purchase.*catalog\.schema\.purchase/,
    );
    expect(await refused(trino('one', 'select * from daily', 'us'))).toMatch(/^reads-warehouse: .*lake_us/);
  });

  it('refuses one without a connection, or with one that is gone', async () => {
    expect(await refused(trino('one', 'select 1', ''))).toMatch(/^no-connection: .*no connection is chosen/);
    expect(await refused(trino('one', 'select 1', 'gone'))).toMatch(/^no-connection: .*gone from the project/);
  });
});
