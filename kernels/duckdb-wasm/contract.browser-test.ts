import { afterAll, beforeAll } from 'vitest';
import { kernelContract } from '#kernels/contract.ts';
import { openBench, type KernelBench } from '#lib/testing/kernel-bench.ts';

let bench: KernelBench;

beforeAll(async () => {
  bench = await openBench();
});

afterAll(() => bench.close());

kernelContract('browser', () => bench.kernel('browser'), {
  rows: (n) => `SELECT range AS n FROM range(${n})`,
  endless: 'SELECT count(*) AS n FROM range(1000000000) a, range(1000000000) b WHERE a.range + b.range < 0',
  broken: 'SELECT 1\nFORM x y',
  fails: "SELECT CAST(concat('x', range) AS INTEGER) AS n FROM range(3)",
  parameter: (name) => `SELECT {{${name}}} AS v`,
  total: (relation) => `SELECT sum(n)::BIGINT AS total FROM ${relation}`,
  joins: 'SELECT * FROM first WHERE n IN (SELECT n FROM second)',
  unknown: 'SELECT * FROM nowhere',
  writes: [
    'CREATE TABLE x (n INTEGER)',
    'CREATE OR REPLACE VIEW v AS SELECT 1',
    'INSERT INTO x VALUES (1)',
    "COPY (SELECT 1) TO 'local/x.csv'",
    "ATTACH 'x.db'",
    'SET threads = 1',
    'INSTALL httpfs',
    'LOAD httpfs',
    'PRAGMA database_list',
    'SELECT 1; DROP TABLE x',
    'CALL pragma_version()',
  ],
});
