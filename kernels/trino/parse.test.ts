import { describe, expect, it } from 'vitest';
import { namesRead, readsOf } from './parse.ts';

describe('readsOf', () => {
  it.each([
    ['SELECT * FROM first JOIN second USING (id) WHERE x IN (SELECT x FROM first)', ['first', 'second']],
    ['SELECT * FROM (SELECT * FROM first) a, second b', ['first', 'second']],
    ['WITH a AS (SELECT * FROM first), b AS (SELECT * FROM a) SELECT * FROM b, second', ['first', 'second']],
    ['SELECT * FROM A, a, "a"', ['A']],
    ['WITH a AS (SELECT 1) SELECT * FROM (WITH b AS (SELECT * FROM A) SELECT * FROM b), b', ['b']],
    ['WITH orders AS (SELECT * FROM orders) SELECT * FROM orders', ['orders']],
    ['WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 9) SELECT * FROM t, x', ['x']],
    ['SELECT * FROM tpch.tiny.nation n, "My Schema"."a.b"', ['tpch.tiny.nation', 'My Schema.a.b']],
    ['SELECT * FROM t CROSS JOIN UNNEST(t.items) AS u(item)', ['t']],
    ['SELECT * FROM TABLE(sequence(0, 10)), LATERAL (SELECT * FROM inner_one)', ['inner_one']],
    ['TABLE first', ['first']],
    ["SELECT * FROM t WHERE a > {{n}} AND b = '{{n}}' LIMIT{{n}};", ['t']],
    ['EXPLAIN ANALYZE SELECT * FROM t', ['t']],
    ['INSERT INTO target SELECT * FROM origin', ['origin']],
    ['DESCRIBE t', []],
    ['SELECT 1', []],
    ['SELECT (SELECT max(x) FROM first), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM second))', ['first', 'second']],
    ["SELECT * FROM t FOR TIMESTAMP AS OF TIMESTAMP '2026-01-01 00:00:00'", ['t']],
    ['SELECT * FROM "t$snapshots"', ['t$snapshots']],
    ['', []],
    ['SELECT FROM WHERE', []],
    ['SELECT * FORM t', []],
  ])('%s', async (source, names) => {
    expect(await readsOf(source)).toEqual(names);
  });
});

it('says where each name stands', async () => {
  const source = 'SELECT *\nFROM orders JOIN tpch.tiny."nation" n ON {{on}} = 1';
  expect((await namesRead(source))!.map(({ from, to }) => source.slice(from, to))).toEqual([
    'orders',
    'tpch.tiny."nation"',
  ]);
});
