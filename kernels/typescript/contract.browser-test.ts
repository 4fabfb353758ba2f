import { afterAll, beforeAll } from 'vitest';
import { kernelContract } from '#kernels/contract.ts';
import { openBench, type KernelBench } from '#lib/testing/kernel-bench.ts';

let bench: KernelBench;

beforeAll(async () => {
  bench = await openBench();
});

afterAll(() => bench.close());

kernelContract('typescript', () => bench.kernel('typescript'), {
  rows: (n) => (n === 0 ? 'table([], ["n"])' : `Array.from({ length: ${n} }, (_, n) => ({ n: BigInt(n) }))`),
  endless: 'while (true) {}',
  broken: 'const x = 1;\nconst y = = 2;',
  fails: 'throw new Error("no")',
  parameter: (name) => `[{ v: ${name} }]`,
  total: (relation) => `[{ total: ${relation}.reduce((sum, row) => sum + row.n, 0n) }]`,
  joins: 'first.filter((row) => second.some((other) => other.n === row.n))',
  unknown: 'nowhere.rows',
});
