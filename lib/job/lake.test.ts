import { describe, expect, it } from 'vitest';
import {
  compose,
  createStage,
  createTable,
  driftOf,
  driftWords,
  findMarked,
  markOf,
  replaceWindow,
  isStage,
  stageOf,
  staged,
  stagePrefix,
  type TableColumn,
} from './lake.ts';

const daily = { catalog: 'iceberg', schema: 'shop', table: 'daily' };
const start = new Date('2026-11-19T23:00:00Z');
const mark = markOf('d1', start);
const columns = (...all: string[]): TableColumn[] =>
  all.map((text) => ({ name: text.split(' ')[0]!, type: text.split(' ').slice(1).join(' ') }));

describe('names', () => {
  it('attempts of one window stage side by side, and are found together', () => {
    const stage = stageOf(daily, 'd1', start, 'A1-b2');
    expect(stage.table).toMatch(/^daily__stage_[0-9a-f]{12}_20261119230000_a1b2$/);
    expect(stage.table.startsWith(stagePrefix(daily, 'd1', start))).toBe(true);
    expect(stage.table.startsWith(stagePrefix(daily, 'd1'))).toBe(true);
    expect(isStage(daily, 'd1', stage.table)).toBe(true);
    expect(
      ['daily__stage_backup', 'daily__stage_20261119230000', 'daily'].filter((name) => isStage(daily, 'd1', name)),
    ).toEqual([]);
    expect(stagePrefix({ ...daily, table: 'dai' }, 'd1', start)).not.toBe(stagePrefix(daily, 'd1', start));
  });

  it('what one dataset stages is none of another, though both are on their way to one table', () => {
    const [one, other] = ['d1', 'd2'].map((id) => stageOf(daily, id, start, 'x').table);
    expect(isStage(daily, 'd1', other!)).toBe(false);
    expect(isStage(daily, 'd2', one!)).toBe(false);
  });

  it('are quoted wherever they stand', () => {
    const odd = { catalog: 'ice"berg', schema: 'a b', table: `o'k` };
    expect(createTable(odd, columns('a"b bigint'), `it's`)).toBe(
      `CREATE TABLE IF NOT EXISTS "ice""berg"."a b"."o'k" ("a""b" bigint, "window_start" timestamp(6)) COMMENT 'it''s' WITH (partitioning = ARRAY['window_start'])`,
    );
  });

  it('a text that looks for a mark does not carry it', () => {
    expect(findMarked(mark)).not.toContain(mark);
    expect(findMarked(mark)).toContain(`'lodestar ' || 'window d1 2026-11-19T23:00:00.000Z *'`);
  });
});

describe('compose', () => {
  it('leaves a step that reads no other as it is, but for the semicolon', () => {
    expect(compose('SELECT 1; -- so\n', [])).toBe('SELECT 1');
  });

  it('puts what a step reads in front, each in lines of its own', () => {
    expect(
      compose('SELECT * FROM b -- last', [
        { name: 'a', sql: 'SELECT 1 x;' },
        { name: 'b', sql: 'FROM_a' },
      ]),
    ).toBe('WITH "a" AS (\nSELECT 1 x\n), "b" AS (\nFROM_a\n) SELECT * FROM (\nSELECT * FROM b\n)');
  });

  it('does not take a semicolon in a string or a name for an end', () => {
    expect(compose(`SELECT ';'`, [])).toBe(`SELECT ';'`);
    expect(compose(`SELECT 1 AS ";"`, [])).toBe(`SELECT 1 AS ";"`);
  });
});

describe('statements', () => {
  const stage = stageOf(daily, 'd1', start, 'x');

  it('replace one window by what is staged', () => {
    expect(replaceWindow(mark, daily, stage, columns('day date', 'n bigint'), '2026-11-20 00:00:00')).toBe(
      `MERGE /* lodestar window d1 2026-11-19T23:00:00.000Z */ INTO "iceberg"."shop"."daily" t USING (
  SELECT "day", "n", false AS "old row" FROM "iceberg"."shop"."daily__stage_8b53639f152c_20261119230000_x"
  UNION ALL SELECT NULL, NULL, true
) s ON s."old row" AND t."window_start" = TIMESTAMP '2026-11-20 00:00:00'
WHEN MATCHED THEN DELETE
WHEN NOT MATCHED AND NOT s."old row" THEN INSERT ("day", "n", "window_start") VALUES (s."day", s."n", TIMESTAMP '2026-11-20 00:00:00')`,
    );
  });

  it('carry their mark', () => {
    expect(createStage(mark, stage, 'SELECT 1 AS n')).toMatch(/^CREATE TABLE \/\* lodestar window d1 \S+ \*\/ /);
  });

  it('give the window’s start once, also where the query gives it', () => {
    const own = columns('window_start date', 'n bigint');
    const merge = replaceWindow(mark, daily, stage, own, '2026-11-20 00:00:00');
    expect(merge).toContain('INSERT ("n", "window_start")');
    expect(createTable(daily, own, '')).toContain('("n" bigint, "window_start" timestamp(6))');
    expect(staged(stage, own, '2026-11-20 00:00:00')).toMatch(/^SELECT \* FROM/);
    expect(staged(stage, columns('n bigint'), '2026-11-20 00:00:00')).toMatch(/^SELECT \*, TIMESTAMP/);
  });
});

describe('driftOf', () => {
  const table = columns('day date', 'n integer', 'price decimal(10,2)', 'window_start timestamp(6)');

  it('finds nothing where the columns are the same, in whatever order and case', () => {
    const drift = driftOf(table, columns('PRICE decimal(10,2)', 'n integer', 'day date'));
    expect(drift).toEqual({ add: [], widen: [], missing: [], problem: null });
    expect(driftWords(drift)).toBeNull();
  });

  it('adds, widens, and leaves out', () => {
    const drift = driftOf(table, columns('n bigint', 'price decimal(12,2)', 'shop varchar'));
    expect(drift).toMatchObject({
      add: columns('shop varchar'),
      widen: columns('n bigint', 'price decimal(12,2)'),
      missing: columns('day date'),
      problem: null,
    });
    expect(driftWords(drift)).toContain('− day date, + shop varchar, now n bigint');
  });

  it('puts a narrower column into the wider one that stands there', () => {
    const drift = driftOf(columns('n bigint', 'price decimal(12,2)'), columns('n integer', 'price decimal(10,2)'));
    expect(drift).toEqual({ add: [], widen: [], missing: [], problem: null });
  });

  it('says which columns cannot be, and what to do', () => {
    const drift = driftOf(table, columns('day varchar', 'n integer', 'price decimal(10,3)'));
    expect(drift.problem).toMatch(/day is date there and varchar here, price is decimal\(10,2\) there.*Cast them/);
  });
});
