import { describe, expect, it } from 'vitest';
import type { Names } from './completion.ts';
import { ownerBefore, tablesIn, trinoOffers, type CatalogueNames } from './trino-completion.ts';

const tree: Record<string, { name: string; type: string }[]> = {
  '': [name('iceberg'), name('tpch')],
  iceberg: [name('shop'), name('Web Logs')],
  'iceberg.shop': [name('purchase'), name('order')],
  'iceberg.shop.purchase': [
    { name: 'purchase_id', type: 'bigint' },
    { name: 'Paid At', type: 'timestamp(6)' },
  ],
  tpch: [name('tiny')],
  'tpch.tiny': [name('nation')],
  'tpch.tiny.nation': [{ name: 'nationkey', type: 'bigint' }],
};
function name(of: string) {
  return { name: of, type: '' };
}
const catalogue: CatalogueNames = {
  catalog: 'iceberg',
  schema: 'shop',
  under: (path) => Promise.resolve(tree[path.join('.')] ?? []),
};
const names: Names = {
  relations: [{ name: 'daily', what: 'cell', columns: [{ name: 'day', type: 'DATE' }] }],
  inputs: ['until'],
};

/** Offers where | stands. */
async function offers(text: string) {
  const offset = text.indexOf('|');
  return trinoOffers(text.replace('|', ''), offset, names, catalogue);
}
const labels = async (text: string) => (await offers(text)).map((each) => each.label);

describe('what is offered while writing for Trino', () => {
  it('after a catalog its schemas, then tables, then columns', async () => {
    expect(await labels('SELECT * FROM tpch.|')).toEqual(['tiny']);
    expect(await labels('SELECT * FROM tpch.tiny.n|')).toEqual(['nation']);
    expect(await labels('SELECT tpch.tiny.nation.| FROM tpch.tiny.nation')).toEqual(['nationkey']);
  });

  it('from where the connection begins, too', async () => {
    expect(await labels('SELECT * FROM shop.|')).toEqual(['purchase', 'order']);
    expect(await labels('SELECT purchase.| FROM purchase')).toEqual(['purchase_id', 'Paid At']);
  });

  it('an alias has the columns of its table, of a cell too', async () => {
    expect(await labels('SELECT p.| FROM iceberg.shop.purchase AS p')).toEqual(['purchase_id', 'Paid At']);
    expect(await labels('SELECT d.| FROM purchase p JOIN daily d ON true')).toEqual(['day']);
    expect(await labels('SELECT daily.|')).toEqual(['day']);
  });

  it('anywhere: columns of what the text reads first, then names, functions and keywords of Trino', async () => {
    const all = await labels('SELECT | FROM shop.purchase p');
    expect(all.slice(0, 3)).toEqual(['p', 'purchase_id', 'Paid At']);
    for (const each of ['daily', 'purchase', 'shop', 'tpch', '{{until}}', 'approx_distinct', 'UNNEST'])
      expect(all).toContain(each);
    expect(all).not.toContain('strftime');
  });

  it('what is no plain name, or a word of the language, is written in quotes', async () => {
    const inserts = Object.fromEntries((await offers('SELECT * FROM shop.|')).map((each) => [each.label, each.insert]));
    expect(inserts).toEqual({ purchase: 'purchase', order: '"order"' });
    expect((await offers('SELECT purchase.| FROM purchase'))[1]!.insert).toBe('"Paid At"');
  });

  it('inside braces only the inputs', async () => expect(await labels('WHERE d < {{un|')).toEqual(['until']));

  it('no cluster is asked about an alias, or a name that it does not have', async () => {
    const asked: string[] = [];
    const watched: CatalogueNames = {
      ...catalogue,
      under: (path) => (asked.push(path.join('.')), catalogue.under(path)),
    };
    for (const text of [
      'SELECT g.| FROM (SELECT 1 AS one) g',
      'SELECT n.| FROM nowhere n',
      'SELECT c.| FROM Shop.Purchase p, missing.table_of c',
      'SELECT | FROM nowhere n JOIN cte ON true',
    ])
      await trinoOffers(text.replace('|', ''), text.indexOf('|'), names, watched);
    expect(asked.filter((path) => !(path in tree))).toEqual([]);
    expect(await labels('SELECT p.| FROM Shop.Purchase p')).toEqual(['purchase_id', 'Paid At']);
  });

  it('a catalogue that cannot be read leaves the rest', async () => {
    const silent = { ...catalogue, under: () => Promise.resolve([]) };
    const all = await trinoOffers('SELECT ', 7, names, silent);
    expect(all.map((each) => each.label)).toEqual(expect.arrayContaining(['daily', 'SELECT', 'count']));
  });
});

describe('the text around the caret', () => {
  it.each([
    ['SELECT a.', ['a']],
    ['SELECT tpch."Web Logs".x', ['tpch', 'Web Logs']],
    ['SELECT a', []],
    ['SELECT 1.5', []],
  ])('%s stands under %j', (before, owner) => expect(ownerBefore(before)).toEqual(owner));

  it('tables, with the names their columns go by', () => {
    const text = `SELECT 'FROM x' -- FROM y
      FROM tpch.tiny.nation n, "a b" AS q JOIN (SELECT 1 FROM inner_t) s ON true LEFT JOIN region USING (k) WHERE a IN (1, 2)`;
    expect(tablesIn(text).map(({ parts, alias }) => `${parts.join('.')} ${alias}`)).toEqual([
      'tpch.tiny.nation n',
      'a b q',
      'inner_t inner_t',
      'region region',
    ]);
  });
});
