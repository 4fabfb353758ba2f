import { identifier } from '#lib/sql/quote.ts';
import type { CheckFound } from './evidence.ts';
import type { Check } from './spec.ts';

/*
 * What each check asks of the rows a job is about to publish, and what its answer means. The question is one text for every
 * engine: it reads `output` and counts; `sql` is people's own text, whose rows are counted by who runs it.
 */

/** A query that gives one number; null for a check that is a query of its own, whose rows are the number. */
export function questionOf(check: Check): string | null {
  switch (check.type) {
    case 'not-null':
      return counting(`${identifier(check.column)} IS NULL`);
    case 'unique':
      return `SELECT count(*) FROM (SELECT 1 FROM output GROUP BY ${check.columns.map(identifier).join(', ')} HAVING count(*) > 1)`;
    case 'rows':
      return counting('true');
    case 'range':
      return counting(outside(check));
    case 'sql':
      return null;
  }
}

/** Whether the check passed, by the number that came back, in words. */
export function judge(check: Check, rows: number): CheckFound {
  switch (check.type) {
    case 'not-null':
      return none(check, rows, `without ${check.column}`);
    case 'unique':
      return none(check, rows, `more than once by ${check.columns.join(', ')}`);
    case 'rows':
      return within(check, rows);
    case 'range':
      return none(check, rows, `with ${check.column} out of range`);
    case 'sql':
      return none(check, rows, `returned by “${check.name}”`);
  }
}

/** A check that could not be asked, as when its column is not there, has not passed. */
export function unasked(check: Check, error: unknown): CheckFound {
  const found = error instanceof Error ? error.message.split('\n')[0]! : String(error);
  return { check, passed: false, found };
}

function counting(condition: string): string {
  return `SELECT count(*) FROM output WHERE ${condition}`;
}

function none(check: Check, rows: number, what: string): CheckFound {
  return { check, passed: rows === 0, found: rows === 0 ? `no row ${what}` : `${rowsOf(rows)} ${what}` };
}

function within(check: Extract<Check, { type: 'rows' }>, rows: number): CheckFound {
  const passed = rows >= (check.min ?? 0) && rows <= (check.max ?? Infinity);
  return { check, passed, found: rowsOf(rows) };
}

function rowsOf(rows: number): string {
  return `${rows} ${rows === 1 ? 'row' : 'rows'}`;
}

function outside({ column, min, max }: Extract<Check, { type: 'range' }>): string {
  const sides = [min === undefined ? null : `< ${min}`, max === undefined ? null : `> ${max}`];
  const conditions = sides.filter((side) => side !== null).map((side) => `${identifier(column)} ${side}`);
  return conditions.length > 0 ? `(${conditions.join(' OR ')})` : 'false';
}
