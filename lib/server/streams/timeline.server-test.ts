import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { spanMs, type Moment } from '#lib/stream/moment.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { batchOf, makeStreamRow } from '#lib/testing/streams.ts';
import { until } from '#lib/testing/until.ts';
import { createStreams, type World } from './create.ts';
import { encodeFrame } from './frame.ts';
import { readFrames } from './segment.ts';
import type { Streams } from './streams.ts';

/** What each frame added is known of every part of a log, whatever became of it. */

let lodestar: TestLodestar;
let project: string;
let now = Date.parse('2026-11-21T10:00:00Z');
const at = Date.parse('2026-11-21T09:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();

beforeAll(async () => {
  lodestar = await startLodestar({
    now: () => new Date(now),
    warehouse: (world) => createWarehouse(world),
    streams: open,
  });
  project = (await makeProject(await makeActor())).id;
});
afterAll(() => lodestar.close());

function open(world: Omit<World, 'warehouse'>): Streams {
  return createStreams({ ...world, warehouse: () => lodestar.warehouse }, { writer: { segmentRows: 6 } });
}

/** Three segments of two frames and one open with one; gives what the timeline must be. */
async function fill(id: string): Promise<Moment[]> {
  const moments: Moment[] = [];
  for (let n = 0; n < 7; n++) {
    now += 1000;
    const times = [at + n * 1000, at + n * 1000 + 999, at + 25_000, at + n * 1000];
    const events = times.map((ms, k) => ({ time: iso(ms), id: k === 3 ? n * 4 : n * 4 + k }));
    await lodestar.streams.append(id, batchOf([...events, { time: 'never', id: -1 }]), 1);
    const spans: Moment['spans'] = [
      [at, 2],
      [at + 2 * spanMs, 1],
    ];
    moments.push({ first: n * 3, rows: 3, received: now, parts: { '': at + 25_000 }, spans });
  }
  return moments;
}

const sealed = (streamId: string) => lodestar.db.segment.count({ where: { streamId, state: 'sealed' } });

test('moments are given in order, as many as asked, out of memory, logs and sealed segments', async () => {
  const id = await makeStreamRow(project);
  const moments = await fill(id);
  const timeline = () => lodestar.streams.timeline(id, 0, 1000);
  expect(await timeline()).toEqual(moments);
  await until(async () => (await sealed(id)) === 3, 'three segments are sealed');
  expect(await timeline()).toEqual(moments);
  expect(await lodestar.streams.timeline(id, 4, 4)).toEqual(moments.slice(1, 3));
  expect(await lodestar.streams.timeline(id, 20, 1)).toEqual(moments.slice(6));
  expect(await lodestar.streams.timeline(id, 21, 100)).toEqual([]);

  await lodestar.streams.close();
  lodestar.streams = open(lodestar);
  expect(await timeline(), 'after a restart').toEqual(moments);
  await lodestar.streams.close();
  await lodestar.db.segment.updateMany({ where: { streamId: id, state: 'sealed' }, data: { state: 'closed' } });
  lodestar.streams = open(lodestar);
  expect(await timeline(), 'of closed logs').toEqual(moments);
});

test('of what was stored before moments were, they are made of the events', async () => {
  const id = await makeStreamRow(project);
  const moments = await fill(id);
  await until(async () => (await sealed(id)) === 3, 'three segments are sealed');
  await lodestar.streams.close();
  const segments = await lodestar.db.segment.findMany({ where: { streamId: id }, orderBy: { firstOffset: 'asc' } });
  const path = (name: string) => join(lodestar.config.DATA_DIR, 'streams', id, name);
  await rm(path(segments[0]!.timeline!));
  await lodestar.db.segment.update({ where: { id: segments[0]!.id }, data: { timeline: null } });
  await forgetSpans(path(segments[3]!.log));
  lodestar.streams = open(lodestar);
  expect(await lodestar.streams.timeline(id, 0, 1000)).toEqual(moments);
  const again = await lodestar.db.segment.findUniqueOrThrow({ where: { id: segments[0]!.id } });
  expect((await readFile(path(again.timeline!), 'utf8')).split('\n')).toHaveLength(3);
});

async function forgetSpans(log: string): Promise<void> {
  const frames: Buffer[] = [];
  for await (const { frame } of readFrames(log)) {
    const { spans: _spans, parts: _parts, ...meta } = frame.meta;
    frames.push(encodeFrame({ ...frame, meta }));
  }
  await writeFile(log, Buffer.concat(frames));
}

test('a batch of a part of a source says how far that part is', async () => {
  const id = await makeStreamRow(project);
  const event = (n: number, ms: number) => ({ time: iso(ms), id: n });
  await Promise.all([
    lodestar.streams.append(id, { ...batchOf([event(1, at + 5), event(2, at)]), part: '0' }, 1),
    lodestar.streams.append(id, { ...batchOf([event(3, at + 7)]), part: '1' }, 1),
  ]);
  const parts = (await lodestar.streams.timeline(id, 0, 10)).map((moment) => moment.parts);
  expect(Object.assign({}, ...parts)).toEqual({ 0: at + 5, 1: at + 7 });
});

test('who waits for events is told when they are there, when they were already, and when it is given up', async () => {
  const id = await makeStreamRow(project);
  const giveUp = new AbortController();
  await lodestar.streams.append(id, batchOf([{ time: iso(at), id: 1 }]), 1);
  await lodestar.streams.grown(id, 0, giveUp.signal);
  const told: string[] = [];
  const waiting = [1, 2].map((offset) =>
    lodestar.streams.grown(id, offset, giveUp.signal).then(() => told.push(`beyond ${offset}`)),
  );
  await lodestar.streams.append(id, batchOf([{ time: iso(at), id: 1 }]), 1); // a duplicate
  await lodestar.streams.append(id, batchOf([{ time: iso(at), id: 2 }]), 1);
  await waiting[0];
  expect(told).toEqual(['beyond 1']);
  giveUp.abort();
  await waiting[1];
});
