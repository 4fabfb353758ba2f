import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '#lib/server/boot/trino/client.mjs';
import { startTrino, trinoUrl } from './trino.ts';

const schema = `t_${randomUUID().slice(0, 8)}`;
const daily = `iceberg.${schema}.daily`;

function ask(sql: string) {
  return query({ url: trinoUrl() }, sql);
}

describe('the shared Trino', () => {
  beforeAll(async () => {
    await ask(`CREATE SCHEMA iceberg.${schema}`);
    await ask(`CREATE SCHEMA memory.${schema}`);
  });

  afterAll(async () => {
    await ask(`DROP SCHEMA iceberg.${schema} CASCADE`);
    await ask(`DROP SCHEMA memory.${schema} CASCADE`);
  });

  it('answers over tpch', async () => {
    const regions = await ask('SELECT name FROM tpch.tiny.region ORDER BY regionkey');
    expect(regions.flat()).toEqual(['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST']);
  });

  it('keeps a table in memory', async () => {
    await ask(`CREATE TABLE memory.${schema}.nation AS SELECT * FROM tpch.tiny.nation`);
    expect(await ask(`SELECT count(*) FROM memory.${schema}.nation`)).toEqual([[25]]);
  });

  it('replaces a window of an Iceberg table in one snapshot, however often', async () => {
    await ask(`CREATE TABLE ${daily} (d date, orders bigint) WITH (partitioning = ARRAY['d'])`);
    await ask(`INSERT INTO ${daily} VALUES (DATE '1996-01-01', -1), (DATE '1996-01-02', -1)`);
    const before = await snapshots();
    for (let time = 1; time <= 2; time += 1) {
      await replace('1996-01-02');
      expect(await snapshots()).toHaveLength(before.length + time);
      expect(await ask(`SELECT CAST(d AS varchar), orders FROM ${daily} ORDER BY d`)).toEqual([
        ['1996-01-01', -1],
        ['1996-01-02', await ordersOn('1996-01-02')],
      ]);
    }
  });

  async function replace(day: string) {
    await ask(`
      MERGE INTO ${daily} t USING (
        SELECT d, orders, false AS old FROM (
          SELECT orderdate AS d, count(*) AS orders FROM tpch.tiny.orders WHERE orderdate = DATE '${day}' GROUP BY 1)
        UNION ALL SELECT NULL, NULL, true) s
      ON s.old AND t.d = DATE '${day}'
      WHEN MATCHED THEN DELETE
      WHEN NOT MATCHED AND NOT s.old THEN INSERT (d, orders) VALUES (s.d, s.orders)`);
  }

  async function ordersOn(day: string) {
    const [row] = await ask(`SELECT count(*) FROM tpch.tiny.orders WHERE orderdate = DATE '${day}'`);
    return row?.[0];
  }

  async function snapshots() {
    return ask(`SELECT committed_at FROM iceberg.${schema}."daily$snapshots"`);
  }
});

describe('a Trino of its own', () => {
  it('is killed with -9 and comes back at the same address with its lake', { timeout: 300_000 }, async () => {
    const trino = await startTrino();
    try {
      await query(trino, 'CREATE SCHEMA iceberg.shop');
      await query(trino, 'CREATE TABLE iceberg.shop.nation AS SELECT * FROM tpch.tiny.nation');
      const { pid } = trino;
      await trino.kill();
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
      await expect(query(trino, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
      await trino.start();
      expect(trino.pid).not.toBe(pid);
      expect(await query(trino, 'SELECT count(*) FROM iceberg.shop.nation')).toEqual([[25]]);
    } finally {
      await trino.stop();
    }
  });
});
