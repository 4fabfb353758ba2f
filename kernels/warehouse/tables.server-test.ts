import { afterAll, describe, expect, test } from 'vitest';
import { Reader } from './reader.ts';

const reader = new Reader({ memory: 256 * 2 ** 20, threads: 1 });
afterAll(() => reader.close());

describe('the tables a text reads, in first-use order', () => {
  test.each<[string, string[]]>([
    ['SELECT * FROM zebra JOIN ape USING (n)', ['zebra', 'ape']],
    ['SELECT (SELECT max(n) FROM sub) FROM outside WHERE EXISTS (SELECT 1 FROM ex)', ['sub', 'outside', 'ex']],
    ['WITH x AS (SELECT * FROM q) SELECT * FROM x JOIN y USING (n)', ['q', 'y']],
    ['WITH x AS (SELECT * FROM x) SELECT * FROM x', ['x']],
    ['WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n FROM r, t) SELECT * FROM r', ['t']],
    ['WITH x AS (SELECT 1) SELECT * FROM (WITH y AS (FROM x) FROM y)', []],
    ['SELECT * FROM Cars, "Two Words", main.third, other.fourth', ['Cars', 'Two Words', 'third']],
    ['FROM user', ['user']],
    ['DESCRIBE shop', ['shop']],
    ['SUMMARIZE shop', ['shop']],
    ['EXPLAIN ANALYZE SELECT * FROM shop', ['shop']],
    ['PIVOT cities ON year USING sum(p)', ['cities']],
    ['FROM (PIVOT "my cities" ON year USING sum(p)) JOIN more USING (n)', ['my cities', 'more']],
    [`SELECT * FROM query_table('shop')`, ['shop']],
    ['SELECT * FROM range(3)', []],
    ['SELECT * FROM a WHERE d >= {{window_start}} AND x IN (SELECT x FROM b LIMIT {{n}})', ['a', 'b']],
    [`SELECT 'FROM nowhere' -- FROM nothing`, []],
    ['SELECT * FROM', []],
    ['INSERT INTO t SELECT * FROM a', ['a']],
    ['SELECT 1 FROM a; SELECT 2 FROM b', []],
  ])('%s', async (source, names) => {
    expect(await reader.reads(source)).toEqual(names);
  });
});

test('a text that was asked before is answered alike, by itself', async () => {
  const again = new Reader({ memory: 256 * 2 ** 20, threads: 1 });
  const names = await again.reads('SELECT * FROM ape');
  await again.close();
  names.push('not kept');
  expect(await again.reads('SELECT * FROM ape')).toEqual(['ape']);
});
