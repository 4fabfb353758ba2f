import { describe, expect, it } from 'vitest';
import { judge, questionOf, unasked } from './check.ts';

describe('questionOf', () => {
  it('quotes the names of columns, whatever is in them', () => {
    expect(questionOf({ type: 'not-null', column: 'a"b' })).toBe('SELECT count(*) FROM output WHERE "a""b" IS NULL');
    expect(questionOf({ type: 'unique', columns: ['day', 'shop'] })).toBe(
      'SELECT count(*) FROM (SELECT 1 FROM output GROUP BY "day", "shop" HAVING count(*) > 1)',
    );
  });

  it('asks for what lies outside of a range, on the sides that are given', () => {
    expect(questionOf({ type: 'range', column: 'n', min: 0, max: 5 })).toMatch(/WHERE \("n" < 0 OR "n" > 5\)$/);
    expect(questionOf({ type: 'range', column: 'n', max: 5 })).toMatch(/WHERE \("n" > 5\)$/);
    expect(questionOf({ type: 'range', column: 'n' })).toMatch(/WHERE false$/);
  });

  it('leaves the text of people to who runs it', () => {
    expect(questionOf({ type: 'sql', name: 'none', sql: 'SELECT 1' })).toBeNull();
  });
});

describe('judge', () => {
  it('passes where nothing was found, and counts in words where something was', () => {
    const check = { type: 'not-null', column: 'day' } as const;
    expect(judge(check, 0)).toEqual({ check, passed: true, found: 'no row without day' });
    expect(judge(check, 1)).toMatchObject({ passed: false, found: '1 row without day' });
    expect(judge({ type: 'sql', name: 'late', sql: '' }, 3)).toMatchObject({ found: '3 rows returned by “late”' });
  });

  it('holds rows between their ends', () => {
    expect(judge({ type: 'rows', min: 1 }, 0).passed).toBe(false);
    expect(judge({ type: 'rows', min: 1, max: 2 }, 3).passed).toBe(false);
    expect(judge({ type: 'rows', min: 1 }, 3)).toMatchObject({ passed: true, found: '3 rows' });
  });
});

it('a check that could not be asked has not passed', () => {
  const check = { type: 'not-null', column: 'gone' } as const;
  expect(unasked(check, new Error('no such column\nand more'))).toEqual({
    check,
    passed: false,
    found: 'no such column',
  });
});
