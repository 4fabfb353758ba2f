import { Table, Utf8, vectorFromArray, tableToIPC, Int32 } from 'apache-arrow';
import { afterAll, expect, test } from 'vitest';
import { gather, numbers } from '#kernels/contract.ts';
import type { Relation } from '#kernels/kernel.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';
import { explainIo, validate } from './explain.ts';
import { TrinoKernel } from './kernel.ts';

const target = makeTarget();
const kernel = new TrinoKernel(target);
afterAll(() => kernel.close());

const parameters: Parameters = {
  least: { type: 'number', value: 20 },
  name: { type: 'text', value: "it's {{least}}" },
};
const signal = new AbortController().signal;

function query(sql: string): Relation {
  return { kind: 'query', hash: sql, complete: true, sql };
}

function arrow(table: Table): Relation {
  return { kind: 'arrow', hash: '', complete: true, ipc: () => Promise.resolve(tableToIPC(table, 'stream')) };
}

const run = (source: string, relations: Record<string, Relation>) =>
  gather(kernel, { name: 'cell', source }, { parameters, relations });

const last = query('SELECT * FROM nation WHERE nationkey >= {{least}}; -- the last ones');

test.each([
  ['SELECT count(*) AS n FROM last_ones', 5n],
  ['WITH mine AS (SELECT * FROM last_ones) SELECT count(*) AS n FROM mine', 5n],
  ['(SELECT count(*) AS n FROM LAST_ONES)', 5n],
  ['TABLE counted', 5n],
  ['SELECT n + {{least}} AS n FROM counted LIMIT {{least}}', 25n],
  ['SELECT * FROM counted UNION ALL SELECT 1 WHERE false', 5n],
])('%s', async (source, n) => {
  const { rows, error } = await run(source, { counted: query('SELECT count(*) AS n FROM last_ones'), last_ones: last });
  expect(error).toBeNull();
  expect(rows).toEqual([{ n }]);
});

test('rows of elsewhere are read as they are', async () => {
  const names = ["o'hara", '😀 \n\\', null, 'a"b'];
  const table = new Table({
    i: vectorFromArray([1, 2, 3, null], new Int32()),
    name: vectorFromArray(names, new Utf8()),
  });
  const { rows } = await run('SELECT name, i, {{name}} AS p FROM people ORDER BY i', { people: arrow(table) });
  expect(rows.map((row) => row['name'])).toEqual(names);
  expect(rows.map((row) => row['p'])).toEqual(Array(4).fill("it's {{least}}"));
});

test('an answer without rows keeps its columns', async () => {
  const { rows, done } = await run('SELECT sum(n) AS total FROM few', { few: arrow(numbers(0)) });
  expect(rows).toEqual([{ total: null }]);
  expect(done!.complete).toBe(true);
});

test('too many rows are refused in words', async () => {
  const { error } = await run('SELECT * FROM many', { many: arrow(numbers(100_000)) });
  expect(error).toMatchObject({ code: 'refused' });
  expect(error!.message).toContain('many has too many rows');
});

test('what nobody reads is not sent', async () => {
  const { done } = await run('SELECT 1 AS n', { many: arrow(numbers(100_000)) });
  expect(done).toMatchObject({ rows: 1 });
});

test('a mistake keeps its place with other cells put in front', async () => {
  const relations = { last_ones: last, numbers: arrow(numbers(3)) };
  const { error } = await run("SELECT '😀' AS a,\n  nam FROM last_ones, numbers\nWHERE n > {{least}}", relations);
  expect(error).toMatchObject({ code: 'unknown-name', position: { line: 2, column: 3 } });
  const own = await run('WITH a AS (SELECT 1 AS x)\nSELECT y\nFROM a, last_ones', relations);
  expect(own.error).toMatchObject({ position: { line: 2, column: 8 } });
});

test('a mistake in another cell says where it is', async () => {
  const { error } = await run('SELECT * FROM broken', { broken: query('SELECT nope FROM nation') });
  expect(error!.message).toBe('In broken, which this cell reads: There is no column nope.');
  expect(error!.position).toBeUndefined();
});

test('a cell that is no SELECT, and a text that takes no cells, say so', async () => {
  expect((await run('SELECT * FROM shown', { shown: query('SHOW TABLES') })).error).toMatchObject({
    code: 'unsupported',
  });
  const inline = 'WITH FUNCTION f(x integer) RETURNS integer RETURN x SELECT f(1) FROM last_ones';
  const recursive =
    'WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < 3) SELECT * FROM t, last_ones';
  expect((await run(recursive, { last_ones: last })).error).toMatchObject({ code: 'unsupported' });
  expect((await run(inline, { last_ones: last })).error).toMatchObject({ code: 'unsupported' });
});

test('a mistake has a suggestion, and the edit that makes it good', async () => {
  const source = 'SELECT n.nationky, n.name\nFROM nation n';
  const { error } = await run(source, {});
  const { from, to, text } = error!.fix!;
  expect(source.slice(0, from) + text + source.slice(to)).toBe(source.replace('nationky', 'nationkey'));
  expect((await run('SELECT * FROM tpch.tiny.nations', {})).error!.fix).toMatchObject({ text: 'nation' });
  expect((await run('SELECT * FROM tpch.tinny.nation', {})).error!.fix).toMatchObject({ text: 'tiny' });
  expect((await run('SELECT * FROM tcph.tiny.nation', {})).error!.fix).toMatchObject({ text: 'tpch' });
  expect((await run('SELECT cuont(*) FROM nation', {})).error!.fix).toMatchObject({ text: 'count' });
});

test('a text is validated without being run', async () => {
  const check = (source: string, relations = {}) =>
    validate(target, { name: 'c', source }, { parameters, relations }, signal);
  expect(await check('SELECT * FROM nation WHERE nationkey > {{least}}')).toBeNull();
  expect(await check('SELECT * FROM last_ones', { last_ones: last })).toBeNull();
  expect(await check('EXPLAIN SELECT 1')).toBeNull();
  expect(await check('SELECT *\nFROM nation WHERE nope > {{least}}')).toMatchObject({
    code: 'unknown-name',
    position: { line: 2, column: 19 },
  });
  expect(await check('SELECT\n {{least}} {{least}}')).toMatchObject({
    code: 'syntax',
    position: { line: 2, column: 12 },
  });
  expect(await check('DROP TABLE nation')).toMatchObject({ code: 'refused' });
});

test('the plan tells what would be read', async () => {
  const source = "SELECT count(*) FROM orders WHERE orderdate >= DATE '1995-01-01' AND custkey > {{least}}";
  const plan = await explainIo(target, { name: 'c', source }, { parameters, relations: {} }, signal);
  expect(plan.tables).toMatchObject([{ catalog: 'tpch', schema: 'tiny', table: 'orders' }]);
  expect(plan.tables[0]!.rows).toBeGreaterThan(0);
  expect(plan.output).toBeNull();
  expect(
    await explainIo(target, { name: 'c', source: 'SELECT 1' }, { parameters, relations: {} }, signal),
  ).toMatchObject({
    tables: [],
    rows: 1,
  });
});
