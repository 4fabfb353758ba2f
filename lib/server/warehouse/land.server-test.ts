import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DateDay, Decimal, Int64, Table, Utf8, tableFromArrays, vectorFromArray } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KernelEvent } from '#kernels/kernel.ts';
import { nowhere } from '#lib/server/connections/in-turn.ts';
import { toRows } from '#lib/table/text.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { createWarehouse, type StandingWarehouse } from './create.ts';
import type { Landing } from './warehouse.ts';

/** Rows of another engine, brought to the warehouse as they come. */

let lodestar: TestLodestar;
let warehouse: StandingWarehouse;
beforeAll(async () => {
  lodestar = await startLodestar({ warehouse: (world) => createWarehouse(world) });
  warehouse = lodestar.warehouse as StandingWarehouse;
});
afterAll(() => lodestar.close());

const { signal } = new AbortController();
const done = (rows: number, complete = true): KernelEvent => ({
  type: 'done',
  rows,
  complete,
  asOf: new Date().toISOString(),
  took: 1,
});

async function* eventsOf(table: Table, batches = 1): AsyncGenerator<KernelEvent> {
  yield { type: 'progress', rows: 1 };
  yield { type: 'schema', schema: table.schema };
  for (let count = 0; count < batches; count += 1) for (const batch of table.batches) yield { type: 'batch', batch };
  yield done(table.numRows * batches);
}

async function read(landing: Landing, sql: string): Promise<(string | null)[][]> {
  if (!landing.ok) throw new Error(landing.error.message);
  const rows: (string | null)[][] = [];
  const events = warehouse.kernel.run(
    { name: 'read', source: sql },
    { parameters: {}, relations: { rows: landing.relation } },
    { signal },
  );
  for await (const event of events) {
    if (event.type === 'failed') throw new Error(event.error.message);
    if (event.type === 'batch') rows.push(...toRows([event.batch]));
  }
  return rows;
}

const staging = async () => (await readdir(join(lodestar.config.DATA_DIR, 'warehouse', 'staging'))).length;

describe('land', () => {
  it('keeps every value and its type', async () => {
    const table = new Table({
      n: vectorFromArray([1n, null, 9_007_199_254_740_993n], new Int64()),
      price: vectorFromArray([makeDecimal(1234n), null, makeDecimal(-1n)], new Decimal(2, 20, 128)),
      day: vectorFromArray([new Date('2026-11-20'), null, new Date('1969-12-31')], new DateDay()),
      text: vectorFromArray(['a', null, 'ß'], new Utf8()),
    });
    const landing = await warehouse.land(() => eventsOf(table), { signal });
    expect(await read(landing, 'SELECT * FROM rows')).toEqual([
      ['1', '12.34', '2026-11-20', 'a'],
      [null, null, null, null],
      ['9007199254740993', '-0.01', '1969-12-31', 'ß'],
    ]);
    expect(landing).toMatchObject({ ok: true, rows: 3, done: { complete: true } });
    if (landing.ok) await landing.remove();
    expect(await staging()).toBe(0);
  });

  it('is a table without rows where none came', async () => {
    const empty = tableFromArrays({ n: new Int32Array([1]) }).slice(0, 0);
    const landing = await warehouse.land(() => eventsOf(new Table(empty.schema)), { signal });
    expect(await read(landing, 'SELECT count(n) FROM rows')).toEqual([['0']]);
  });

  it('writes many rows as several files and holds none of them here', { timeout: 120_000 }, async () => {
    const rows = 100_000;
    const text = vectorFromArray(
      Array.from({ length: rows }, (_, row) => `row ${row} of a text that is long enough to be noticed when it stays`),
      new Utf8(),
    );
    const table = new Table({
      n: tableFromArrays({ n: BigInt64Array.from({ length: rows }, (_, n) => BigInt(n)) }).getChild('n')!,
      text,
    });
    const before = process.memoryUsage().rss;
    let most = 0;
    const landing = await warehouse.land(
      async function* () {
        for await (const event of eventsOf(table, 15)) {
          most = Math.max(most, process.memoryUsage().rss);
          yield event;
        }
      },
      { signal },
    );
    expect(landing.ok && landing.relation.kind === 'parquet' && landing.relation.files.length).toBe(3);
    expect(await read(landing, 'SELECT count(*), sum(n), count(DISTINCT text) FROM rows')).toEqual([
      ['1500000', String(15n * ((99_999n * 100_000n) / 2n)), '100000'],
    ]);
    // 15 batches of 7 MB came by.
    expect(most - before).toBeLessThan(300 << 20);
    if (landing.ok) await landing.remove();
  });

  it('refuses what was cut, and leaves no file', async () => {
    const table = tableFromArrays({ n: new Int32Array([1, 2]) });
    const before = await staging();
    const cut = async function* (): AsyncGenerator<KernelEvent> {
      for await (const event of eventsOf(table)) yield event.type === 'done' ? done(2, false) : event;
    };
    const landing = await warehouse.land(cut, { signal });
    expect(landing).toMatchObject({
      ok: false,
      error: { code: 'refused', message: expect.stringMatching(/Only 2 rows/) },
    });
    expect(await staging()).toBe(before);
  });

  it('fails as the other engine failed', async () => {
    const events = async function* (): AsyncGenerator<KernelEvent> {
      yield { type: 'schema', schema: tableFromArrays({ n: new Int32Array([1]) }).schema };
      yield { type: 'failed', error: { code: 'runtime', message: 'The cluster is on fire.' } };
    };
    expect(await warehouse.land(events, { signal })).toEqual({
      ok: false,
      error: { code: 'runtime', message: 'The cluster is on fire.' },
    });
  });

  it('holds no child while the other engine’s query waits for its turn there', async () => {
    const small = await createWarehouse(lodestar, { most: 1 });
    let serve: () => void = () => undefined;
    const served = new Promise<void>((resolve) => (serve = resolve));
    const waiting = Promise.withResolvers<void>();
    const table = tableFromArrays({ n: new Int32Array([7]) });
    const landing = small.land(
      async function* () {
        yield { type: 'progress', cluster: { ...nowhere, before: 0 } };
        waiting.resolve();
        await served;
        yield* eventsOf(table);
      },
      { signal },
    );
    await waiting.promise;
    const meanwhile: string[] = [];
    const code = { name: 'other', source: 'SELECT 1' };
    const inputs = { parameters: {}, relations: {} };
    for await (const { type } of small.kernel.run(code, inputs, { signal })) meanwhile.push(type);
    expect(meanwhile.at(-1)).toBe('done');
    serve();
    const landed = await landing;
    expect(landed).toMatchObject({ ok: true, rows: 1 });
    if (landed.ok) await landed.remove();
    await small.close();
  });

  it('ends when it is stopped, and so does who brings the rows', async () => {
    const stop = new AbortController();
    let left = false;
    const endless = async function* (): AsyncGenerator<KernelEvent> {
      const table = tableFromArrays({ n: new Int32Array(1000) });
      try {
        yield { type: 'schema', schema: table.schema };
        for (let count = 0; ; count += 1) {
          if (count === 20) stop.abort();
          yield { type: 'batch', batch: table.batches[0]! };
        }
      } finally {
        left = true;
      }
    };
    const landing = await warehouse.land(endless, { signal: stop.signal });
    expect(landing).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(left).toBe(true);
  });
});

function makeDecimal(value: bigint): Uint32Array {
  return new Uint32Array(new BigInt64Array([value, value < 0n ? -1n : 0n]).buffer);
}
