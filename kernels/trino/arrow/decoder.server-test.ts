import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { toRows } from '#lib/table/text.ts';
import { createDecoder } from './decoder.ts';
import type { Decoder } from './decoder.ts';
import { PageError } from './error.ts';
import { DecoderDied, startThread } from './threads.ts';

let decoder: Decoder;
afterEach(() => decoder.close());

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const columns = [
  { name: 'n', type: 'bigint' },
  { name: 't', type: 'timestamp(3) with time zone' },
];
const page = (...data: unknown[][]) => encode({ id: 'q', columns, data });

describe('a session', () => {
  test('has a schema once rows have chosen it, and keeps it', async () => {
    decoder = createDecoder();
    const session = decoder.open();
    expect(session.schema).toBeNull();
    const first = await session.decode(encode({ columns, nextUri: 'x' }));
    expect(first).toMatchObject({ head: { nextUri: 'x', columns }, schema: null, batches: [] });
    const second = await session.decode(page([1, '2020-01-01 00:00:00.000 Asia/Tokyo']));
    expect(String(second.schema!.fields[1]!.type)).toContain('Asia/Tokyo');
    expect(toRows(second.batches)).toEqual([['1', '2019-12-31 15:00:00+00']]);
    const third = await session.decode(page([2, null]));
    expect(third.schema).toBe(second.schema);
    expect(session.schema).toBe(second.schema);
  });

  test('takes pages in pieces, and pieces of buffers', async () => {
    decoder = createDecoder();
    const whole = page([1, null], [2, null]);
    const pieces = [whole.slice(0, 30), Buffer.from(whole).subarray(30, 50), whole.subarray(50)];
    const { batches } = await decoder.open().decode(pieces);
    expect(toRows(batches)).toEqual([
      ['1', null],
      ['2', null],
    ]);
  });

  test('reads segments side by side once the first has chosen', async () => {
    decoder = createDecoder();
    const session = decoder.open();
    const segments = Array.from({ length: 20 }, (_, at) => encode([[at, '2020-01-01 00:00:00.000 UTC']]));
    const read = await Promise.all(segments.map((bytes) => session.decodeRows(bytes, columns)));
    expect(read.flatMap(({ batches }) => toRows(batches).map(([n]) => Number(n)))).toEqual(segments.map((_, at) => at));
    expect(new Set(read.map(({ schema }) => schema)).size).toBe(1);
  });

  test('is not hurt by another one, nor by a broken page', async () => {
    decoder = createDecoder();
    const [one, other] = [decoder.open(), decoder.open()];
    await one.decode(page([1, '2020-01-01 00:00:00.000 UTC']));
    await other.decode(page([1, '2020-01-01 00:00:00.000 Asia/Tokyo']));
    const broken = await one.decode(encode({ columns, data: [['x', null]] })).catch((error: unknown) => error);
    expect(broken).toBeInstanceOf(PageError);
    expect(broken).toMatchObject({ fault: 'shape' });
    const misfit = await one.decode(page([1, '2020-01-01 00:00:00.000 Asia/Tokyo'])).catch((error: unknown) => error);
    expect(misfit).toMatchObject({ fault: 'does-not-fit', misfit: { column: 't', instead: "at_timezone(t, 'UTC')" } });
    expect(toRows((await one.decode(page([5, '2020-01-01 00:00:00.000 UTC']))).batches)).toEqual([
      ['5', '2020-01-01 00:00:00+00'],
    ]);
  });

  test('of which the first page was broken can go on', async () => {
    decoder = createDecoder();
    const session = decoder.open();
    await expect(session.decode(encode('nothing'))).rejects.toThrow(PageError);
    expect((await session.decode(page([1, null]))).batches).toHaveLength(1);
  });
});

describe('threads', () => {
  test('that die by themselves reject what they hold, and the next page gets a new one', async () => {
    const started: Worker[] = [];
    const start = () => started[started.push(startThread()) - 1]!;
    decoder = createDecoder({ threads: 1, start });
    const session = decoder.open();
    await session.decode(page([1, '2020-01-01 00:00:00.000 UTC']));
    const rows = Array.from({ length: 100_000 }, (_, row) => [row, '2020-01-01 00:00:00.000 UTC']);
    const held = [page(...rows), page([2, null])].map((bytes) =>
      session.decode(bytes).catch((error: unknown) => error),
    );
    await started[0]!.terminate();
    for (const error of await Promise.all(held)) {
      expect(error).toBeInstanceOf(DecoderDied);
      expect((error as Error).message).toMatch(/thread that read the cluster's answer ended/);
    }
    expect(toRows((await session.decode(page([3, null]))).batches)).toEqual([['3', null]]);
    expect(started).toHaveLength(2);
  });

  test('live on after columns beyond measure', async () => {
    const started: Worker[] = [];
    decoder = createDecoder({ threads: 1, start: () => started[started.push(startThread()) - 1]! });
    const session = decoder.open();
    const hostile = Buffer.from(`{"columns":[${'{},'.repeat(20 << 20)}{}],"data":[]}`);
    await expect(session.decode(hostile)).rejects.toThrow(/too many/);
    expect((await session.decode(page([1, null]))).batches).toHaveLength(1);
    expect(started).toHaveLength(1);
  });

  test('that are closed reject what they hold, and what comes after', async () => {
    decoder = createDecoder();
    const rows = Array.from({ length: 100_000 }, (_, row) => [row, '2020-01-01 00:00:00.000 UTC']);
    const reading = decoder
      .open()
      .decode(page(...rows))
      .catch((error: unknown) => error);
    await decoder.close();
    expect(await reading).toBeInstanceOf(DecoderDied);
    await expect(decoder.open().decode(page([1, null]))).rejects.toThrow(DecoderDied);
  });
});
