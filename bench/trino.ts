import { randomUUID } from 'node:crypto';
import { Agent } from 'undici';
import { ask } from '#kernels/trino/ask.ts';
import type { TrinoTarget } from '#kernels/trino/target.ts';
import { startTrino } from '#lib/testing/trino.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';

/** A table that Trino gives as fast as it can: rows of TPC-H, held in its memory. */
export interface Bench {
  target: TrinoTarget;
  /** `memory.bench_….lineitem` */
  table: string;
  close(): Promise<void>;
}

/** The cluster of TEST_TRINO_URL, or one of its own. */
export async function openBench(rows: number): Promise<Bench> {
  const own = process.env['TEST_TRINO_URL'] ? null : await startTrino();
  const dispatcher = new Agent();
  const target = makeTarget({ ...(own ? { url: own.url } : {}), dispatcher, source: 'bench' });
  const schema = `memory.bench_${randomUUID().slice(0, 8)}`;
  const write = (sql: string) => ask(target, sql, { access: 'write', timeout: 300_000 });
  await write(`CREATE SCHEMA ${schema}`);
  await write(`CREATE TABLE ${schema}.lineitem AS SELECT * FROM tpch.sf1.lineitem LIMIT ${rows}`);
  return {
    target,
    table: `${schema}.lineitem`,
    async close() {
      await write(`DROP TABLE ${schema}.lineitem`);
      await write(`DROP SCHEMA ${schema}`);
      await dispatcher.close();
      await own?.stop();
    },
  };
}
