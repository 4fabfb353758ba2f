import { expect, it } from 'vitest';
import { Reader } from './apart.ts';
import { namesRead } from './parse.ts';

const nested = (depth: number) => `SELECT * FROM t WHERE ${'('.repeat(depth)}1 = 1${')'.repeat(depth)}`;

it('reads what the parser reads', async () => {
  const reader = new Reader();
  const source = 'WITH a AS (SELECT * FROM tpch.tiny."nation") SELECT * FROM a, Second, second';
  expect(await reader.namesRead(source)).toEqual(await namesRead(source));
  expect(await reader.readsOf(source)).toEqual(['tpch.tiny.nation', 'Second']);
  expect(await reader.namesRead('SELECT FROM WHERE')).toBeNull();
});

it('leaves the event loop to others while it reads', async () => {
  const reader = new Reader();
  await reader.readsOf('SELECT 1');
  let served = false;
  setImmediate(() => (served = true));
  expect(await reader.readsOf(nested(90))).toEqual(['t']);
  expect(served).toBe(true);
});

it('does not begin with a text that nests deeper than people write', async () => {
  expect(await new Reader({ patience: 0 }).namesRead(nested(100_000))).toBeNull();
});

it('lives on after a text on which the parser runs out of stack', async () => {
  const reader = new Reader({ threads: 1 });
  expect(await reader.namesRead(`SELECT ${'1+'.repeat(20_000)}1 FROM t`)).toBeNull();
  expect(await reader.readsOf('SELECT * FROM t')).toEqual(['t']);
});

it('gives up a text that takes too long, and reads the next with a new thread', async () => {
  const reader = new Reader({ threads: 1, patience: 0 });
  const both = [reader.namesRead(nested(90)), reader.namesRead(nested(90))];
  expect(await Promise.all(both)).toEqual([null, null]);
});

it('serves all who wait for a few threads', async () => {
  const reader = new Reader({ threads: 2 });
  const names = await Promise.all(Array.from({ length: 12 }, (_, index) => reader.readsOf(`SELECT * FROM t${index}`)));
  expect(names.flat()).toEqual(Array.from({ length: 12 }, (_, index) => `t${index}`));
});
