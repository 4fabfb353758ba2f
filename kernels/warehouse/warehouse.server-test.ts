import { kernelContract } from '#kernels/contract.ts';
import { WarehouseKernel } from './kernel.ts';

kernelContract('warehouse', () => Promise.resolve(new WarehouseKernel()), {
  rows: (n) => `SELECT range AS n FROM range(${n})`,
  endless: 'SELECT count(*) AS n FROM range(100000000) a, range(100000000) b WHERE a.range + b.range = -1',
  broken: 'SELECT 1 AS n\nFROM range(3) WHER n > 1 GROUP GROUP',
  fails: `SELECT CAST('no number' AS INTEGER) AS n`,
  parameter: (name) => `SELECT {{${name}}} AS v`,
  total: (relation) => `SELECT CAST(sum(n) AS BIGINT) AS total FROM ${relation}`,
  joins: 'WITH own AS (SELECT n FROM first) SELECT * FROM own JOIN (SELECT * FROM "second" WHERE n < {{p}}) USING (n)',
  unknown: 'SELECT * FROM nowhere',
  writes: [
    'CREATE TABLE t (n INTEGER)',
    'INSERT INTO t VALUES (1)',
    'DROP TABLE t',
    `COPY (SELECT 1) TO '/tmp/out.csv'`,
    'SELECT 1; SELECT 2',
    'EXPLAIN ANALYZE CREATE TABLE t (n INTEGER)',
  ],
});
