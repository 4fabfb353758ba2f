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
const reads = async (text: string) => [...text.matchAll(/\b(?:from|join)\s+(\w+)/g)].map((match) => match[1] as string);
const datasets = async (names: string[]) => names.filter((name) => ['purchase', 'user'].includes(name.toLowerCase()));
const around = (...cells: Cell[]) => ({ cells, reads, datasets });

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

  it('Trino, for now', async () => {
    expect(await refused(sql('one', windowed, 'trino'))).toMatch(/^unsupported: one runs on Trino/);
  });
});
