import { describe, expect, it } from 'vitest';
import { cutStatement, isQuery, refusalOf, type Statement } from './statement.ts';

function cut(source: string): Statement {
  const result = cutStatement(source);
  if (!result.ok) throw new Error(result.error.message);
  return result.statement;
}

describe('what reads', () => {
  it.each([
    'SELECT 1',
    ' \n-- DROP TABLE x\n/* a /* b */ select 1;',
    'WITH a AS (SELECT 1) TABLE a',
    '((SELECT 1))',
    'VALUES 1, 2',
    'SHOW CATALOGS',
    'DESC tpch.tiny.nation',
    'EXPLAIN SELECT 1',
    'EXPLAIN ANALYZE VERBOSE SELECT 1',
    'EXPLAIN /* x */ (TYPE IO, FORMAT JSON)\n SELECT 1',
    'EXPLAIN (SELECT 1)',
    "SELECT ';' AS a; -- b",
  ])('%s', (source) => {
    expect(refusalOf(cut(source))).toBeNull();
  });
});

describe('what is refused', () => {
  it.each([
    'INSERT INTO t SELECT 1',
    '/* SELECT */ DROP TABLE t',
    '--\nDELETE FROM t',
    '/* /* */ DROP CATALOG c /* */',
    '\u00a0DROP TABLE t',
    "EXECUTE IMMEDIATE 'DROP TABLE t'",
    'EXPLAIN ANALYZE INSERT INTO t SELECT 1',
    "EXPLAIN ANALYZE EXECUTE IMMEDIATE 'DROP TABLE t'",
    'EXPLAIN (TYPE IO) DROP CATALOG c',
    "CALL system.runtime.kill_query('x')",
    'CREATE CATALOG c USING tpch',
    'SET SESSION a = 1',
    'USE tpch.tiny',
    'PREPARE a FROM SELECT 1',
    'START TRANSACTION',
    'COMMIT',
    'ANALYZE t',
    'SET ROLE admin',
    '{{statement}}',
    '"SELECT" 1',
    'EXPLAIN',
    'EXPLAIN EXPLAIN SELECT 1',
  ])('%s', (source) => {
    expect(refusalOf(cut(source))?.code).toBe('refused');
  });

  it('more than one statement, and none', () => {
    expect(cutStatement('SELECT 1; DROP TABLE t')).toMatchObject({ ok: false, error: { code: 'refused' } });
    expect(cutStatement(' ; -- nothing')).toMatchObject({ ok: false, error: { code: 'syntax' } });
  });
});

it('tells what is explained from how', () => {
  const source = ' EXPLAIN (TYPE\n LOGICAL) -- why\n SELECT 1;';
  const statement = cut(source);
  expect(statement.explain).toBe('EXPLAIN ( TYPE LOGICAL )');
  expect(source.slice(statement.begins, statement.to)).toBe('SELECT 1');
  expect([isQuery(statement), isQuery(cut('SHOW TABLES'))]).toEqual([true, false]);
});
