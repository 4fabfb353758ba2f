import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dependenceOf, unsteady, type Dependence } from '#lib/job/plan.ts';
import { WarehouseKernel, explainInChild } from '#kernels/server.ts';
import type { Relation } from '#kernels/kernel.ts';

const kernel = new WarehouseKernel({ most: 2 });
afterAll(() => kernel.close());

const visits = [
  { name: 'id', type: 'BIGINT' },
  { name: 'seen', type: 'TIMESTAMP' },
  { name: 'kind', type: 'VARCHAR' },
  { name: 'amount', type: 'DOUBLE' },
  { name: 'tags', type: 'JSON' },
  { name: '_offset', type: 'BIGINT' },
  { name: '_received_at', type: 'TIMESTAMP' },
];
const shops: Relation = {
  kind: 'parquet',
  hash: 'shops',
  complete: true,
  files: [],
  columns: [
    { name: 'kind', type: 'VARCHAR' },
    { name: 'name', type: 'VARCHAR' },
    { name: 'rate', type: 'DECIMAL(18,2)' },
    { name: 'since', type: 'TIMESTAMP' },
  ],
};

async function plans(...texts: string[]) {
  const steps = texts.map((sql, index) => ({ name: `step${index + 1}`, engine: 'warehouse' as const, sql }));
  const task = {
    steps,
    parameters: { least: { type: 'number' as const, value: 3 } },
    relations: { shops },
    empty: [{ name: 'visits', columns: visits }],
  };
  const options = { signal: new AbortController().signal, timeout: 60_000, person: 'test' };
  const reply = await explainInChild(kernel, task, options);
  if (!reply.ok) throw new Error(`${reply.error.message} ${reply.error.detail ?? ''}`);
  return reply.value;
}

const judged = async (...texts: string[]) => dependenceOf(await plans(...texts), 'visits');

/** Each text by itself, but all of them asked of one process. */
const found = new Map<string, Dependence | null>();
beforeAll(async () => {
  const texts = [...rowByRow, ...together.map(([sql]) => sql)];
  for (const [index, plan] of (await plans(...texts)).entries())
    found.set(texts[index]!, dependenceOf([plan], 'visits'));
});

const rowByRow = [
  'SELECT * FROM visits',
  'FROM visits SELECT id, upper(kind) AS kind, CAST(amount AS DECIMAL(18,2)) AS amount WHERE amount > {{least}}',
  'SELECT v.id, s.name FROM visits v LEFT JOIN shops s ON s.kind = v.kind',
  'SELECT v.id, s.name FROM visits v JOIN shops s USING (kind) WHERE v.amount > s.rate',
  'SELECT s.name, v.id FROM shops s RIGHT JOIN visits v ON s.kind = v.kind',
  'SELECT s.name, v.id FROM shops s JOIN visits v ON s.kind = v.kind OR s.rate < v.amount',
  'SELECT v.id, s.name FROM visits v CROSS JOIN shops s',
  'SELECT v.id, s.name FROM visits v ASOF LEFT JOIN shops s ON v.kind = s.kind AND v.seen >= s.since',
  'SELECT id FROM visits WHERE kind IN (SELECT kind FROM shops)',
  'SELECT id FROM visits WHERE kind NOT IN (SELECT kind FROM shops WHERE kind IS NOT NULL)',
  'SELECT id FROM visits v WHERE EXISTS (SELECT 1 FROM shops s WHERE s.kind = v.kind)',
  'SELECT id FROM visits v ANTI JOIN shops s ON s.kind = v.kind',
  'SELECT id, amount / (SELECT max(rate) FROM shops) AS share FROM visits',
  'SELECT v.id, (SELECT max(rate) FROM shops s WHERE s.kind = v.kind) AS rate FROM visits v',
  'SELECT v.id, s.name FROM visits v, LATERAL (SELECT name FROM shops s WHERE s.kind = v.kind ORDER BY since DESC LIMIT 1) s',
  "SELECT id, unnest(json_extract(tags, '$[*]')) AS tag FROM visits",
  'SELECT v.id, t.tag FROM visits v, unnest(CAST(v.tags AS VARCHAR[])) t(tag)',
  'SELECT v.id, (SELECT count(*) FROM unnest(CAST(v.tags AS VARCHAR[])) t(tag)) AS tags FROM visits v',
  'SELECT v.id, e.key, e.value FROM visits v, json_each(v.tags) e',
  'WITH best AS (SELECT kind, max(rate) AS rate FROM shops GROUP BY kind ORDER BY 2 LIMIT 5) SELECT v.*, rate FROM visits v JOIN best USING (kind)',
  'WITH clean AS MATERIALIZED (SELECT * FROM visits WHERE amount > 0) SELECT id FROM clean WHERE kind = $$a$$',
  'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT id, i FROM visits, n',
  'SELECT id, 1 AS part FROM visits UNION ALL SELECT id, 2 FROM visits WHERE amount > 5',
  'SELECT id, CASE WHEN amount > 5 THEN $$large$$ ELSE $$small$$ END AS size, strftime(seen, $$%H$$) AS hour FROM visits',
  'UNPIVOT (SELECT id, amount AS a, amount * 2 AS b FROM visits) ON a, b INTO NAME which VALUE amount',
  'SELECT list_sum(list_transform(CAST(tags AS INTEGER[]), x -> x + 1)) AS sum FROM visits',
  'SELECT v.id, g FROM visits v, generate_series(1, 3) t(g)',
  'SELECT v.id FROM visits v JOIN (SELECT DISTINCT kind FROM shops) s ON s.kind = v.kind',
  "SELECT v.id, s.name FROM visits v LEFT JOIN shops s ON v.kind LIKE s.name || '%'",
  'SELECT v.id, s.name FROM visits v LEFT JOIN shops s ON v.kind = s.kind AND v.amount > 3 AND s.rate > 1',
  'SELECT v.id, s.name FROM visits v LEFT JOIN shops s ON true',
  'SELECT v.id, s.name FROM visits v NATURAL JOIN shops s',
  'SELECT v.id, s.name FROM shops s RIGHT JOIN visits v ON v.kind LIKE s.name',
  'SELECT v.id, s.name FROM visits v LEFT JOIN LATERAL (SELECT max(name) AS name FROM shops s WHERE s.kind = v.kind) s ON true',
  'SELECT v.id, a.name, b.rate FROM visits v LEFT JOIN shops a USING (kind) LEFT JOIN (SELECT kind, avg(rate) AS rate FROM shops GROUP BY kind) b ON b.kind = a.kind',
  "WITH x AS (SELECT * FROM visits WHERE kind IN ('a', 'b', 'c')), y AS (SELECT id, amount * 2 AS twice FROM x) SELECT * FROM y WHERE twice BETWEEN 1 AND 9",
  'SELECT * EXCLUDE (tags) REPLACE (lower(kind) AS kind) FROM visits',
  'SELECT v.id, t.tag FROM visits v CROSS JOIN unnest(string_split(v.kind, $$,$$)) t(tag)',
  'SELECT id FROM visits v WHERE EXISTS (SELECT 1 FROM unnest(CAST(v.tags AS VARCHAR[])) t(tag) WHERE tag = v.kind)',
  'SELECT id, (SELECT list(tag ORDER BY tag) FROM unnest(CAST(v.tags AS VARCHAR[])) t(tag)) AS tags FROM visits v',
  'SELECT v.id, w.factor FROM visits v JOIN (VALUES ($$a$$, 1), ($$b$$, 2)) w(kind, factor) ON w.kind = v.kind',
  'SELECT id FROM visits WHERE amount > ALL (SELECT rate FROM shops) OR amount = ANY (SELECT rate FROM shops)',
  'SELECT id, s.name FROM visits v LEFT JOIN (SELECT DISTINCT ON (kind) * FROM shops ORDER BY kind, since DESC) s ON s.kind = v.kind',
  'SELECT id, s.n FROM visits v, (SELECT kind, row_number() OVER (ORDER BY rate) AS n FROM shops) s WHERE s.kind = v.kind AND s.n <= 3',
];

/** What a limit that counts nothing, or a join beside the stream, must not forbid. */
const harmless = [
  'SELECT id FROM visits LIMIT ALL',
  'SELECT id FROM visits LIMIT NULL OFFSET 0',
  'SELECT id FROM visits OFFSET 0',
  'WITH d AS (SELECT a.kind, a.name FROM shops a LEFT JOIN shops b ON a.kind LIKE b.kind) SELECT v.id, d.name FROM d JOIN visits v ON v.kind LIKE d.name',
  'SELECT v.id, s.name FROM shops s JOIN visits v ON v.kind LIKE s.name LEFT JOIN shops t ON t.name LIKE s.name',
  'SELECT v.id, s.name, t.name FROM shops s JOIN visits v ON v.kind LIKE s.name LEFT JOIN shops t ON t.kind = s.kind',
  'WITH d AS (SELECT a.name FROM shops a FULL JOIN shops b ON a.kind LIKE b.kind) SELECT v.id, d.name FROM d JOIN visits v ON v.kind LIKE d.name',
];
rowByRow.push(...harmless);

const together: [string, RegExp][] = [
  ['SELECT id FROM visits LIMIT ALL OFFSET 1', /LIMIT/],
  ['SELECT id FROM (SELECT * FROM visits LIMIT ALL) LIMIT 2', /LIMIT/],
  ['SELECT id FROM visits LIMIT (SELECT 3)', /LIMIT/],
  ['SELECT id FROM visits LIMIT {{least}}', /LIMIT/],
  ['SELECT id FROM visits OFFSET {{least}}', /LIMIT/],
  ['SELECT name FROM shops WHERE EXISTS (SELECT 1 FROM visits LIMIT ALL)', /./],
  ['SELECT name FROM shops s WHERE EXISTS (SELECT 1 FROM visits v WHERE v.kind LIKE s.name)', /./],
  [
    'WITH c AS (SELECT * FROM visits) SELECT s.name, c.id FROM shops s LEFT JOIN c ON c.kind LIKE s.name',
    /LEFT JOIN keeps/,
  ],
  [
    'SELECT s.name FROM shops s LEFT JOIN (SELECT v.kind FROM visits v JOIN shops t ON v.kind LIKE t.name) x ON x.kind LIKE s.name',
    /LEFT JOIN keeps/,
  ],
  ['SELECT s.name, v.id FROM visits v RIGHT JOIN shops s ON v.kind LIKE s.name', /JOIN keeps/],
  ['SELECT count(*) AS n FROM visits', /count\(\*\) puts events together/],
  ['SELECT kind, sum(amount) AS s FROM visits GROUP BY kind', /sum\(amount\) puts events together/],
  ['SELECT DISTINCT kind FROM visits', /DISTINCT/],
  ['SELECT DISTINCT ON (kind) * FROM visits', /DISTINCT/],
  ['SELECT id, row_number() OVER (ORDER BY seen) AS n FROM visits', /window function/],
  ['SELECT id FROM visits QUALIFY row_number() OVER (PARTITION BY kind ORDER BY seen) = 1', /window function/],
  ['SELECT id FROM visits ORDER BY seen', /ORDER BY/],
  ['SELECT id FROM visits LIMIT 3', /LIMIT/],
  ['SELECT id FROM visits ORDER BY seen LIMIT 3', /ORDER BY/],
  ['SELECT id FROM visits USING SAMPLE 10%', /SAMPLE/],
  ['SELECT a.id FROM visits a JOIN visits b ON a.id = b.id + 1', /join of the stream with itself/],
  ['SELECT id FROM visits WHERE amount > (SELECT avg(amount) FROM visits)', /avg\(amount\) puts events together/],
  ['SELECT id FROM visits WHERE id IN (SELECT id FROM visits)', /with itself/],
  ['SELECT name FROM shops WHERE kind IN (SELECT kind FROM visits)', /asks whether the batch has an event/],
  ['SELECT name FROM shops s WHERE NOT EXISTS (SELECT 1 FROM visits v WHERE v.kind = s.kind)', /asks whether/],
  ['SELECT name FROM shops s ANTI JOIN visits v ON v.kind = s.kind', /asks whether/],
  ['SELECT name, id FROM shops s LEFT JOIN visits v ON v.kind = s.kind', /LEFT JOIN keeps rows/],
  ['SELECT name, id FROM visits v RIGHT JOIN shops s ON v.kind = s.kind', /JOIN keeps rows/],
  ['SELECT name, id FROM shops s FULL JOIN visits v ON v.kind = s.kind', /FULL JOIN/],
  ['SELECT name, id FROM shops s ASOF JOIN visits v ON v.kind = s.kind AND s.since >= v.seen', /ASOF JOIN/],
  ['SELECT id, name FROM visits POSITIONAL JOIN shops', /POSITIONAL JOIN/],
  ['SELECT kind FROM visits UNION ALL SELECT kind FROM shops', /rows that do not come from the stream/],
  ['SELECT kind FROM visits UNION SELECT upper(kind) FROM visits', /UNION compares/],
  ['SELECT kind FROM visits EXCEPT SELECT kind FROM shops', /EXCEPT/],
  ['SELECT kind FROM visits INTERSECT SELECT kind FROM shops', /INTERSECT/],
  [
    'WITH RECURSIVE r AS (SELECT id AS n FROM visits UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r',
    /recursive/,
  ],
  ['PIVOT visits ON kind USING sum(amount)', /PIVOT/],
  ['SELECT * FROM (SUMMARIZE visits)', /puts events together/],
  ['SELECT name FROM shops', /do not come from visits/],
  ['WITH c AS MATERIALIZED (SELECT * FROM visits) SELECT a.id FROM c a JOIN c b USING (id)', /with itself/],
  ['SELECT kind, count(*) FROM visits GROUP BY ALL', /puts events together/],
  ['SELECT name, id FROM shops s LEFT JOIN visits v ON v.kind LIKE s.name', /LEFT JOIN keeps rows/],
  [
    'SELECT name, id FROM shops s LEFT JOIN LATERAL (SELECT id FROM visits v WHERE v.kind = s.kind) v ON true',
    /JOIN keeps rows/,
  ],
  [
    'SELECT name, (SELECT count(*) FROM visits v WHERE v.kind = s.kind) AS n FROM shops s',
    /count\(\*\) puts events together/,
  ],
  ['SELECT id, amount - lag(amount) OVER (PARTITION BY kind ORDER BY seen) AS change FROM visits', /window function/],
  [
    'WITH c AS (SELECT kind, max(amount) AS most FROM visits GROUP BY kind) SELECT v.id FROM visits v JOIN c USING (kind)',
    /max\(amount\) puts/,
  ],
  ['SELECT id FROM visits FETCH FIRST 5 ROWS ONLY', /LIMIT/],
  ['SELECT id FROM visits OFFSET 1', /LIMIT/],
  ['SELECT name, id FROM visits v FULL JOIN shops s ON v.kind LIKE s.name', /FULL JOIN/],
  ['SELECT name FROM shops s SEMI JOIN visits v ON v.kind LIKE s.name', /JOIN keeps rows|asks whether/],
  ['SELECT name, id FROM shops s LEFT JOIN visits v ON true', /LEFT JOIN keeps rows/],
  ["SELECT * FROM query('SELECT name FROM shops s LEFT JOIN visits v ON v.kind LIKE s.name')", /LEFT JOIN keeps rows/],
];

describe('the engine’s plan tells what depends on the batch', () => {
  test.each(rowByRow)('allowed: %s', (sql) => expect(found.get(sql)).toBeNull());

  test.each(together)('refused: %s', (sql, part) => {
    expect(found.get(sql)?.part).toMatch(part);
    expect(found.get(sql)?.message).toMatch(/tumbling windows/);
  });

  test('a step that holds the stream counts as the stream in those after it, and is the one named', async () => {
    expect(await judged('SELECT id, kind FROM visits', 'SELECT * FROM step1 JOIN shops USING (kind)')).toBeNull();
    expect(
      await judged('SELECT kind, max(rate) AS rate FROM shops GROUP BY kind', 'FROM visits JOIN step1 USING (kind)'),
    ).toBeNull();
    const refused = await judged('SELECT id, kind FROM visits', 'SELECT count(*) FROM step1', 'SELECT * FROM step2');
    expect(refused).toMatchObject({ step: 'step2', part: 'count(*) puts events together' });
  });

  test('a PIVOT of a dataset without its columns named is fine, one of a step of the stream is not', async () => {
    expect(await judged('PIVOT shops ON kind USING max(rate)', 'SELECT v.* FROM visits v, step1')).toBeNull();
    expect((await judged('SELECT * FROM visits', 'PIVOT step1 ON kind USING sum(amount)'))?.step).toBe('step2');
  });

  test('functions of the moment are found, in text of people they are not', async () => {
    expect(unsteady(await plans("SELECT now() AS at, random() AS r, 'uuid()' AS text FROM visits"))).toEqual([
      'now',
      'random',
    ]);
    expect(unsteady(await plans('SELECT id FROM visits'))).toEqual([]);
  });

  test('only what reads is explained', async () => {
    await expect(plans('SELECT 1; SELECT 2')).rejects.toThrow(/one statement/);
    await expect(plans('DELETE FROM visits')).rejects.toThrow(/Only statements that read/);
    await expect(plans('ANALYZE DELETE FROM visits')).rejects.toThrow();
  });

  test('a text that is wrong says what the engine says', async () => {
    await expect(plans('SELECT nothing FROM visits')).rejects.toThrow(/step1: .*nothing/);
  });
});
