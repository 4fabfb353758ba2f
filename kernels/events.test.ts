import { Dictionary, Int32, Int64, Table, Utf8, tableFromArrays, vectorFromArray } from 'apache-arrow';
import type { RecordBatch } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { decodeEvents, encodeEvents } from './events.ts';
import { concat } from './frame.ts';
import type { KernelEvent } from './kernel.ts';

const table = new Table({
  n: vectorFromArray([1n, null, 9223372036854775807n], new Int64()),
  word: vectorFromArray(['α', null, 'word'], new Utf8()),
  pick: vectorFromArray(['a', 'b', 'a'], new Dictionary(new Utf8(), new Int32())),
});
const done: KernelEvent = { type: 'done', rows: 3, complete: true, asOf: '2026-11-21T00:00:00Z', took: 1.5 };
const failed: KernelEvent = {
  type: 'failed',
  error: { code: 'syntax', message: 'No.', position: { line: 1, column: 2 } },
};

function runOf(table: Table, ...last: KernelEvent[]): KernelEvent[] {
  const batches = table.batches.map((batch): KernelEvent => ({ type: 'batch', batch }));
  return [{ type: 'progress', fraction: 0.5 }, { type: 'schema', schema: table.schema }, ...batches, ...last];
}

async function* each<T>(items: T[]): AsyncGenerator<T> {
  yield* items;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function bytesOf(events: KernelEvent[]): Promise<Uint8Array> {
  return concat(await all(encodeEvents(each(events))));
}

async function decoded(bytes: Uint8Array, size: number): Promise<KernelEvent[]> {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength; at += size) chunks.push(bytes.subarray(at, at + size));
  return all(decodeEvents(each(chunks)));
}

function rowsOf(events: KernelEvent[]): unknown[] {
  return new Table(events.flatMap((event) => (event.type === 'batch' ? [event.batch as RecordBatch] : [])))
    .toArray()
    .map((row) => row.toJSON());
}

describe('events over the wire', () => {
  test('come back the same, with 1 byte a chunk and with all in one', async () => {
    const bytes = await bytesOf(runOf(table, done));
    for (const size of [1, 2, 7, 64, bytes.byteLength]) {
      const events = await decoded(bytes, size);
      expect(events.map((event) => event.type)).toEqual(['progress', 'schema', 'batch', 'done']);
      expect(rowsOf(events)).toEqual(table.toArray().map((row) => row.toJSON()));
      expect(events.at(-1)).toEqual(done);
    }
  });

  test('many batches of one table, the dictionary sent once', async () => {
    const parts = [0, 1, 2].map((at) => table.slice(at, at + 1));
    const events = parts.flatMap((part) => part.batches.map((batch): KernelEvent => ({ type: 'batch', batch })));
    const bytes = await bytesOf([{ type: 'schema', schema: table.schema }, ...events, done]);
    expect(rowsOf(await decoded(bytes, 11))).toEqual(table.toArray().map((row) => row.toJSON()));
  });

  test('two tables in one run', async () => {
    const other = tableFromArrays({ x: Float64Array.of(1, Number.NaN, Number.POSITIVE_INFINITY) });
    const events = await decoded(await bytesOf([...runOf(table), ...runOf(other, done)]), 13);
    const schemas = events.flatMap((event) => (event.type === 'schema' ? [event.schema.names] : []));
    expect(schemas).toEqual([['n', 'word', 'pick'], ['x']]);
    expect(events.filter((event) => event.type === 'batch')).toHaveLength(2);
  });

  test('a table without rows keeps its schema', async () => {
    const events = await decoded(await bytesOf([{ type: 'schema', schema: table.schema }, done]), 5);
    expect(events.map((event) => event.type)).toEqual(['schema', 'done']);
  });

  test('a failure is an event', async () => {
    expect(await decoded(await bytesOf([failed]), 4)).toEqual([failed]);
  });

  test('a stream cut anywhere ends with lost, never with a throw', async () => {
    const bytes = await bytesOf(runOf(table, done));
    for (let at = 0; at < bytes.byteLength; at += 3) {
      const last = (await decoded(bytes.subarray(0, at), 16)).at(-1);
      expect(last).toMatchObject({ type: 'failed', error: { code: 'lost' } });
    }
  });

  test('what comes after the end is not read', async () => {
    const bytes = concat([await bytesOf([done]), Uint8Array.of(1, 2, 3)]);
    expect(await decoded(bytes, 4)).toEqual([done]);
  });

  test('a web stream is read, and cancelled when the reader leaves', async () => {
    let cancelled = false;
    const bytes = await bytesOf(runOf(table));
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytes),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const event of decodeEvents(stream)) if (event.type === 'batch') break;
    expect(cancelled).toBe(true);
  });
});
