import { setTimeout as wait } from 'node:timers/promises';
import { tableFromArrays, tableFromIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import type { KernelEvent } from '#kernels/kernel.ts';
import { toAnswer } from './answer.ts';

const table = tableFromArrays({ n: Int32Array.of(1, 2, 3) });
const [batch] = table.batches;

/** A run of many batches that counts how many were asked for. */
function run(batches: number, complete = true) {
  const seen = { asked: 0, ended: false };
  async function* events(): AsyncGenerator<KernelEvent> {
    try {
      yield { type: 'schema', schema: table.schema } as KernelEvent;
      for (; seen.asked < batches; seen.asked += 1) yield { type: 'batch', batch } as KernelEvent;
      yield {
        type: 'done',
        complete,
        asOf: '2026-11-21T00:00:00Z',
        rows: batches * 3,
        took: 1,
      } as unknown as KernelEvent;
    } finally {
      seen.ended = true;
    }
  }
  return { seen, events: events() };
}

const types = ['text/csv', 'application/json', 'application/vnd.apache.arrow.stream'];

test.each(types)('%s: who reads slowly is not ahead of, and who leaves ends the run', async (type) => {
  const { seen, events } = run(10_000);
  const reader = (await toAnswer(events, type, 'rows')).body!.getReader();
  await reader.read();
  await wait(20);
  expect(seen.asked).toBeLessThan(10);
  await reader.cancel();
  expect(seen.ended).toBe(true);
});

test('arrow: all batches come, with an end', async () => {
  const answer = await toAnswer(run(4).events, types[2]!, 'rows');
  const read = tableFromIPC(new Uint8Array(await answer.arrayBuffer()));
  expect(read.numRows).toBe(12);
  expect([...read.getChild('n')!].slice(0, 4)).toEqual([1, 2, 3, 1]);
});

describe('rows that are not all', () => {
  const whole = async (type: string, limit?: number) =>
    (await toAnswer(run(4, false).events, type, 'rows', 'trino', limit)).text();

  test.each([types[0]!, types[2]!])('%s: breaks off where it cannot say so', async (type) => {
    await expect(whole(type)).rejects.toThrow('Only 12 rows may be given');
    await expect(whole(type, 13)).rejects.toThrow('Only 12 rows may be given');
  });

  test.each([types[0]!, types[2]!])('%s: as many as were asked for are enough', async (type) => {
    expect(await whole(type, 12)).not.toBe('');
  });

  test('JSON says so', async () => {
    expect(JSON.parse(await whole(types[1]!))).toMatchObject({ complete: false, rowCount: 12 });
  });
});
