import { kernelContract } from '#kernels/contract.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';
import { TrinoKernel } from './kernel.ts';

/** `sequence` makes 10,000 entries at most, so two of them are crossed. */
function rows(n: number): string {
  if (n === 0) return 'SELECT CAST(0 AS bigint) AS n WHERE false';
  if (n <= 10_000) return `SELECT n FROM UNNEST(sequence(0, ${n - 1})) AS t(n)`;
  return `SELECT 10000 * a + b AS n
          FROM UNNEST(sequence(0, ${Math.ceil(n / 10_000) - 1})) AS t(a) CROSS JOIN UNNEST(sequence(0, 9999)) AS u(b)`;
}

kernelContract('trino', () => Promise.resolve(new TrinoKernel(makeTarget())), {
  rows,
  endless:
    'SELECT count(*) FROM tpch.sf1.lineitem a, tpch.sf1.lineitem b, tpch.sf1.lineitem c WHERE a.comment < b.comment',
  broken: 'SELECT *\nFORM orders',
  fails: 'SELECT 1 / (nationkey - nationkey) FROM nation',
  parameter: (name) => `SELECT {{${name}}} AS v`,
  total: (relation) => `SELECT CAST(sum(n) AS bigint) AS total FROM ${relation}`,
  joins: 'SELECT * FROM first JOIN (SELECT * FROM second) s USING (id)',
  unknown: 'SELECT nationky FROM nation',
  writes: [
    'CREATE TABLE memory.default.contract (a integer)',
    'CREATE TABLE memory.default.contract AS SELECT 1 AS a',
    'INSERT INTO memory.default.contract VALUES 1',
    'UPDATE memory.default.contract SET a = 2',
    'DELETE FROM memory.default.contract',
    'MERGE INTO memory.default.contract USING (VALUES 1) AS s(a) ON false WHEN NOT MATCHED THEN INSERT VALUES (s.a)',
    'DROP TABLE memory.default.contract',
    'TRUNCATE TABLE memory.default.contract',
    'CREATE SCHEMA memory.contract',
    'CREATE CATALOG contract USING tpch',
    'DROP CATALOG tpch',
    'GRANT SELECT ON memory.default.contract TO USER other',
    "CALL system.runtime.kill_query(query_id => 'x', message => 'y')",
    "SET SESSION query_max_run_time = '1h'",
    'USE tpch.sf1',
    'EXPLAIN ANALYZE CREATE TABLE memory.default.contract AS SELECT 1 AS a',
    "EXECUTE IMMEDIATE 'CREATE TABLE memory.default.contract AS SELECT 1 AS a'",
    'PREPARE mine FROM DROP TABLE memory.default.contract',
    'ANALYZE memory.default.contract',
    'START TRANSACTION',
    'COMMIT',
    'SELECT 1; DROP TABLE memory.default.contract',
    '/* SELECT /* */ DROP TABLE memory.default.contract -- */',
  ],
});
