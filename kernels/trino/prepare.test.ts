import { describe, expect, it } from 'vitest';
import type { Inputs, Relation } from '#kernels/kernel.ts';
import { prepare } from './prepare.ts';

const query = (sql: string): Relation => ({ kind: 'query', hash: sql, complete: true, sql });
const inputs: Inputs = {
  parameters: { n: { type: 'number', value: 7 }, t: { type: 'text', value: "o'hara" } },
  relations: { a: query('SELECT 1 AS x;'), b: query('SELECT * FROM a WHERE x = {{n}} -- b') },
};

const sentOf = async (source: string, explain?: string) =>
  (await prepare({ name: 'cell', source }, inputs, { access: 'read', ...(explain ? { explain } : {}) })).sql;

describe('what is sent', () => {
  it.each([
    ['SELECT 1; -- the end', 'SELECT 1'],
    ['EXPLAIN SELECT 1', 'EXPLAIN\n        SELECT 1'],
    ["SELECT {{t}}, 'x'", "EXECUTE IMMEDIATE\n'\nSELECT ?, ''x''' USING CAST('o''hara' AS varchar)"],
    ['EXPLAIN SELECT {{n}}', "EXPLAIN EXECUTE IMMEDIATE\n'\n        SELECT ?' USING BIGINT '7'"],
    [
      'EXPLAIN ANALYZE SELECT {{n}}',
      "EXECUTE IMMEDIATE\n'\nEXPLAIN ANALYZE\n                SELECT ?' USING BIGINT '7'",
    ],
    ['SELECT * FROM a', 'WITH "a" AS (\nSELECT 1 AS x\n)\nSELECT * FROM a'],
    ['WITH c AS (SELECT 1) SELECT * FROM c, a', 'WITH "a" AS (\nSELECT 1 AS x\n),  c AS (SELECT 1) SELECT * FROM c, a'],
    ['SELECT 1 AS a', 'SELECT 1 AS a'],
  ])('%s', async (source, sent) => {
    expect(await sentOf(source)).toBe(sent);
  });

  it('puts what is read before its reader, and values in the order of their places', async () => {
    expect(await sentOf('SELECT {{t}} FROM b')).toBe(
      'EXECUTE IMMEDIATE\n\'\nWITH "a" AS (\nSELECT 1 AS x\n), "b" AS (\nSELECT * FROM a WHERE x = ? -- b\n)\nSELECT ? FROM b\'' +
        " USING BIGINT '7', CAST('o''hara' AS varchar)",
    );
  });

  it('explains in another way than the text itself does', async () => {
    expect(await sentOf('EXPLAIN SELECT 1', 'EXPLAIN (TYPE VALIDATE)')).toBe(
      'EXPLAIN (TYPE VALIDATE)\n        SELECT 1',
    );
  });
});

/** Where `mark` stands, both as the cluster would report it (code points) and as people see it (UTF-16 units). */
async function places(source: string, mark: string) {
  const { sql, origin } = await prepare({ name: 'cell', source }, inputs, { access: 'read' });
  const place = (text: string, unit: (line: string) => number) => {
    const lines = text.slice(0, text.lastIndexOf(mark)).split('\n');
    return { line: lines.length, column: unit(lines.at(-1)!) + 1 };
  };
  // The engine reads what stands within the quotes, so the quotes are single to it.
  const reported = place(sql.replaceAll("''", "'"), (line) => [...line].length);
  return { found: origin(reported), meant: { position: place(source, (line) => line.length) } };
}

describe('a place comes back', () => {
  it.each([
    'SELECT 1,\n  mark FROM t',
    '\n\n SELECT \'😀\' AS "😀", mark',
    "-- 😀\nSELECT 'it''s', '😀',\n\t{{n}} + mark FROM b",
    'WITH c AS (SELECT 1)\nSELECT mark FROM a, c',
    'EXPLAIN SELECT mark',
    'EXPLAIN\n  SELECT {{n}}, mark',
    'EXPLAIN ANALYZE SELECT {{n}}, mark FROM b',
  ])('%s', async (source) => {
    const { found, meant } = await places(source, 'mark');
    expect(found).toEqual(meant);
  });

  it('of a parameter is the whole of it, and of another cell is its name', async () => {
    const { sql, origin } = await prepare({ name: 'cell', source: 'SELECT {{n}} FROM b' }, inputs, { access: 'read' });
    const lines = sql.split('\n');
    const line = lines.findIndex((each) => each.startsWith('SELECT ?')) + 1;
    expect(origin({ line, column: 8 })).toEqual({ position: { line: 1, column: 8, length: 5 } });
    expect(origin({ line: lines.findIndex((each) => each.includes('WHERE x')) + 1, column: 3 })).toEqual({
      relation: 'b',
    });
    expect(origin({ line: 1, column: 1 })).toBeNull();
  });
});

it.each([
  ['SELECT {{nobody}}', { code: 'unknown-parameter', position: { line: 1, column: 8, length: 10 } }],
  ['DROP TABLE t', { code: 'refused' }],
  ['', { code: 'syntax' }],
])('%j is not sent', async (source, error) => {
  await expect(sentOf(source)).rejects.toMatchObject({ error });
});
