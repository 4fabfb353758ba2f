import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PartRead } from '#lib/stream/source.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { batchOf, makeStreamRow } from '#lib/testing/streams.ts';
import { createStreams } from './create.ts';

let lodestar: TestLodestar;
let project: string;
const time = '2026-11-21T09:00:00Z';

beforeAll(async () => {
  lodestar = await startLodestar();
  project = (await makeProject(await makeActor())).id;
});
afterAll(() => lodestar.close());

const at = (offset: number, more: Partial<PartRead> = {}) => ({ offset, log: 'a', lost: 0, resets: 0, ...more });
const fetched = (part: string, from: PartRead | null, to: PartRead, ids: number[]) => ({
  ...batchOf(ids.map((id) => ({ time, id }))),
  part,
  read: { from, to },
});

test('a batch that was fetched is stored where its part was read to, and nowhere else', async () => {
  const id = await makeStreamRow(project, { key: [] });
  const append = (batch: ReturnType<typeof fetched>) => lodestar.streams.append(id, batch, 1);
  expect(await append(fetched('0', null, at(2), [1, 2]))).toMatchObject({ accepted: 2 });
  expect(await append(fetched('1', null, at(7), [3]))).toMatchObject({ accepted: 1 });
  const moved = { status: 409, code: 'read-otherwise' };
  await expect(append(fetched('0', null, at(2), [1, 2]))).rejects.toMatchObject(moved);
  await expect(append(fetched('0', at(1), at(3), [2, 3]))).rejects.toMatchObject(moved);
  await expect(append(fetched('0', at(3), at(4), [4]))).rejects.toMatchObject(moved);
  await expect(append(fetched('0', at(2, { log: 'b' }), at(4), [4]))).rejects.toMatchObject(moved);
  const both = await Promise.allSettled([1, 2].map(() => append(fetched('0', at(2), at(3), [5]))));
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(await lodestar.streams.live(id)).toMatchObject({ end: 4 });
  expect(await lodestar.streams.partsRead(id)).toEqual({ 0: at(3), 1: at(7) });
});

test('how far parts were read is known to the next writer, out of the log and out of the database', async () => {
  const id = await makeStreamRow(project, { key: [] });
  const options = { writer: { segmentRows: 3 } };
  const open = () => createStreams({ ...lodestar, warehouse: () => lodestar.warehouse }, options);
  const first = open();
  await first.append(id, fetched('0', null, at(2), [1, 2]), 1);
  await first.append(id, fetched('0', at(2), at(9, { lost: 6 }), []), 1);
  await first.close();
  const second = open();
  expect(await second.partsRead(id)).toEqual({ 0: at(9, { lost: 6 }) });
  await second.append(id, fetched('0', at(9), at(12), [3, 4, 5]), 1);
  await second.close();
  expect((await lodestar.db.stream.findUniqueOrThrow({ where: { id } })).parts).toEqual({ 0: at(12) });
  const third = open();
  expect(await third.partsRead(id)).toEqual({ 0: at(12) });
  await third.close();
});

test('what is refused of it says where it was found', async () => {
  const id = await makeStreamRow(project, { key: [] });
  const items = [{ fault: 'The record is no JSON.', raw: '{', where: () => 'shop, partition 3, offset 17' }];
  const batch = { items, key: null, body: '', part: '3', read: { from: null, to: at(18) } };
  expect(await lodestar.streams.append(id, batch, 1)).toMatchObject({ deadLetters: 1 });
  const [dead] = await lodestar.db.deadLetter.findMany({ where: { streamId: id } });
  expect(dead!.reason).toBe('shop, partition 3, offset 17: The record is no JSON.');
});
