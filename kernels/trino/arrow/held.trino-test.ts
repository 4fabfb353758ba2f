import { RecordBatchReader, Table, tableToIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { columnsOf } from '#lib/table/column.ts';
import { PageError } from './error.ts';
import { ask } from './testing-trino.ts';

/* As what a result's columns are held, which its first rows decide and Arrow keeps. */

describe('how times are held is decided by the first rows', () => {
  const held = async (sql: string) => {
    const { schema, texts } = await ask(sql);
    return [columnsOf(schema)[0]!.type, ...texts.map((row) => row[0])];
  };

  test('one zone: instants in it; two zones: each in its own words', async () => {
    const zoned = (zones: string[]) =>
      `VALUES ${zones.map((zone) => `TIMESTAMP '2020-01-01 00:00:00 ${zone}'`).join(', ')}`;
    expect(await held(zoned(['UTC', 'UTC']))).toEqual([
      'TIMESTAMP WITH TIME ZONE',
      '2020-01-01 00:00:00+00',
      '2020-01-01 00:00:00+00',
    ]);
    expect(await held(zoned(['UTC', '+01:00']))).toEqual([
      'TIMESTAMP(0) WITH TIME ZONE',
      '2020-01-01 00:00:00 UTC',
      '2020-01-01 00:00:00 +01:00',
    ]);
  });

  test('times that were all null name no zone', async () => {
    const sql = 'SELECT CAST(NULL AS timestamp(3) with time zone)';
    expect(await held(sql)).toEqual(['TIMESTAMP(3) WITH TIME ZONE', null]);
  });

  test('one time that nanoseconds cannot hold makes all of them words', async () => {
    const sql = `VALUES TIMESTAMP '2020-01-01 00:00:00.000000001', TIMESTAMP '9999-12-31 00:00:00.000000000'`;
    expect(await held(sql)).toEqual(['TIMESTAMP(9)', '2020-01-01 00:00:00.000000001', '9999-12-31 00:00:00.000000000']);
  });

  test('a later page that does not fit says so, and what to write', async () => {
    const day = (n: string) => `TIMESTAMP '2020-01-01 00:00:00' + ${n} * INTERVAL '1' SECOND`;
    const sql = `SELECT IF(n < 300000, at_timezone(with_timezone(${day('n')}, 'UTC'), 'UTC'), at_timezone(with_timezone(${day('n')}, 'UTC'), 'Asia/Tokyo')) AS paid
      FROM UNNEST(sequence(1, 1000)) a(x) CROSS JOIN UNNEST(sequence(1, 400)) b(y) CROSS JOIN LATERAL (SELECT x * 400 + y) c(n) ORDER BY n`;
    const failure: unknown = await ask(sql).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PageError);
    expect(failure).toMatchObject({
      fault: 'does-not-fit',
      misfit: { column: 'paid', instead: `at_timezone(paid, 'UTC')` },
    });
  });
});

test('the schema survives Arrow IPC, Trino types included', async () => {
  const { schema, batches } = await ask(`SELECT CAST(ROW(1) AS ROW("a b" bigint)) AS r, DECIMAL '1.5' AS d`);
  const again = RecordBatchReader.from(tableToIPC(new Table(schema, batches), 'stream')).open();
  expect(again.schema.fields.map((field) => field.metadata.get('trino.type'))).toEqual([
    'row("a b" bigint)',
    'decimal(2, 1)',
  ]);
});

test('a result without rows has a schema', async () => {
  const { schema, batches } = await ask(`SELECT 1 AS a, TIMESTAMP '2020-01-01 00:00:00 UTC' AS t WHERE false`);
  expect(batches).toEqual([]);
  expect(columnsOf(schema)).toEqual([
    { name: 'a', type: 'INTEGER' },
    { name: 't', type: 'TIMESTAMP WITH TIME ZONE' },
  ]);
});
