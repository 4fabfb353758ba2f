import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  approveNext,
  makeRealTimeJob,
  openSales,
  push,
  rowsIn,
  salesAt,
  startSales,
  type Sales,
} from '#lib/testing/realtime.ts';
import { until } from '#lib/testing/until.ts';
import { Prisma } from '#prisma/client/client.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { createStreams } from '#lib/server/streams/create.ts';
import { requestDrain } from './drain.ts';

/** What people do to a job while it works: pause, drain, a new version, where it starts; and what may be wrong with it. */
let sales: Sales;
const streams = (world: Lodestar) =>
  createStreams({ ...world, warehouse: () => world.warehouse }, { writer: { segmentRows: 3 } });
beforeAll(async () => void (sales = await startSales({ parts: { streams } })));
beforeEach(async () => void Object.assign(sales, await openSales()));
afterAll(() => sales.close());

const db = () => sales.lodestar.db;
const live = (jobId: string) => db().liveJob.findUniqueOrThrow({ where: { jobId } });
const reads = (jobId: string, position: number) =>
  until(async () => (await live(jobId)).position >= position, `event ${position} is read`, 60_000);
const runs = (jobId: string) =>
  db().run.findMany({ where: { jobId }, include: { promotion: true }, orderBy: { windowStart: 'asc' } });
const notices = (jobId: string) => db().notice.findMany({ where: { jobId }, orderBy: { at: 'asc' } });
const output = (columns = "strftime(window_start, '%H:%M') AS at, shop, sales") => rowsIn(sales, 'live_sales', columns);
const isWorking = (jobId: string) => sales.lodestar.realtime.working().includes(jobId);
async function setState(jobId: string, state: string) {
  await db().job.update({ where: { id: jobId }, data: { state } });
  sales.lodestar.realtime.wake(jobId);
}

it('a paused job rests after its commit, and goes on where it was', async () => {
  const jobId = await makeRealTimeJob(sales);
  await push(sales, salesAt([1]));
  await reads(jobId, 1);
  await setState(jobId, 'paused');
  await until(() => !isWorking(jobId), 'nobody works on it');
  await push(sales, salesAt([61], { id: 1 }));
  expect((await live(jobId)).lease).toBeNull();
  await setState(jobId, 'active');
  await until(async () => (await output()).length === 1, 'the window is there');
  expect(await output()).toEqual([['10:00', 'a', '1']]);
  expect(await notices(jobId)).toEqual([]);
});

it('a drained job answers what has come, open windows as they are, and rests', async () => {
  const jobId = await makeRealTimeJob(sales, { delay: 3600 });
  await push(sales, salesAt([1, 62]));
  await reads(jobId, 2);
  await requestDrain(sales.lodestar, jobId);
  const state = async () => (await db().job.findUniqueOrThrow({ where: { id: jobId } })).state;
  await until(async () => (await state()) === 'paused', 'it is drained');
  expect(await output()).toEqual([
    ['10:00', 'a', '1'],
    ['10:01', 'a', '1'],
  ]);
  expect(await runs(jobId)).toMatchObject([
    { state: 'warned', error: { code: 'drained' } },
    { state: 'warned', error: { code: 'drained' } },
  ]);
  expect(await notices(jobId)).toMatchObject([{ kind: 'drained', data: { windows: 2 } }]);
  expect(await live(jobId)).toMatchObject({ drainTo: null });
  await expect(requestDrain(sales.lodestar, jobId)).rejects.toMatchObject({ status: 409, code: 'wrong-state' });
  await setState(jobId, 'active');
  await push(sales, salesAt([63], { id: 9 }));
  await reads(jobId, 3);
  expect(await live(jobId)).toMatchObject({ late: 1n });
});

it('a windowless job is drained up to what had come', async () => {
  const jobId = await makeRealTimeJob(sales, { kind: 'windowless' });
  await push(sales, salesAt([1, 2]));
  await requestDrain(sales.lodestar, jobId);
  await until(
    async () => (await db().job.findUniqueOrThrow({ where: { id: jobId } })).state === 'paused',
    'it is drained',
  );
  expect(await output('id')).toHaveLength(2);
});

it('a version takes over at the edge of a window, the one before runs until then', async () => {
  const jobId = await makeRealTimeJob(sales);
  await push(sales, salesAt([1, 70]));
  await reads(jobId, 2);
  const sql = `SELECT shop, 1000 + count(*) AS sales, 0::BIGINT AS cents FROM sale
    WHERE time >= {{window_start}} AND time < {{window_end}} GROUP BY shop`;
  const { from } = await approveNext(sales, jobId, { sql });
  expect(from).toEqual(new Date('2026-11-21T10:02:00Z'));
  await push(sales, salesAt([125], { id: 5 }));
  await push(sales, salesAt([185], { id: 6 }));
  await until(async () => (await output()).length === 3, 'three windows are there');
  expect(await output()).toEqual([
    ['10:00', 'a', '1'],
    ['10:01', 'a', '1'],
    ['10:02', 'a', '1001'],
  ]);
  expect((await runs(jobId)).map((run) => run.promotion.version)).toEqual([1, 1, 2]);
  expect(await notices(jobId)).toMatchObject([{ kind: 'version', text: 'Version 2 took over.' }]);
  expect(await live(jobId)).toMatchObject({ nextId: null, nextFrom: null });
});

it('a version with other windows takes over where windows of both begin', async () => {
  const jobId = await makeRealTimeJob(sales, { seconds: 60 });
  await push(sales, salesAt([1, 70]));
  await reads(jobId, 2);
  const { from } = await approveNext(sales, jobId, { seconds: 300 });
  expect(from).toEqual(new Date('2026-11-21T10:05:00Z'));
  await push(sales, salesAt([299, 301, 400], { id: 5 }));
  await push(sales, salesAt([600], { id: 9 }));
  await until(async () => (await output()).length === 4, 'all windows are there');
  expect(await output()).toEqual([
    ['10:00', 'a', '1'],
    ['10:01', 'a', '1'],
    ['10:04', 'a', '1'],
    ['10:05', 'a', '2'],
  ]);
  expect((await runs(jobId)).at(-1)).toMatchObject({ eventsIn: 2n, windowEnd: new Date('2026-11-21T10:10:00Z') });
});

it('a windowless version takes over with the next events', async () => {
  const jobId = await makeRealTimeJob(sales, { kind: 'windowless' });
  await push(sales, salesAt([1]));
  await reads(jobId, 1);
  await approveNext(sales, jobId, { kind: 'windowless', sql: "SELECT id, 'new' AS shop, 0.0 AS euros FROM sale" });
  await until(async () => (await notices(jobId)).length === 1, 'it took over');
  await push(sales, salesAt([2], { id: 1 }));
  await reads(jobId, 2);
  expect(await output('id, shop')).toEqual([
    ['0', 'A'],
    ['1', 'new'],
  ]);
});

it('a job starts with windows after its approval, from the beginning, or from a time', async () => {
  await push(sales, salesAt([1, 61, 121]));
  await makeRealTimeJob(sales, { target: 'from_time', start: '2026-11-21T10:00:30.000Z' });
  await makeRealTimeJob(sales, { target: 'from_beginning', start: 'beginning' });
  const now = await makeRealTimeJob(sales, { target: 'from_now', start: 'now' });
  await push(sales, salesAt([181], { id: 5 }));
  const starts = (name: string) => rowsIn(sales, name, "strftime(window_start, '%H:%M') AS at");
  await until(async () => (await starts('from_beginning')).length === 3, 'all windows are there');
  await until(async () => (await starts('from_time')).length === 2, 'the later windows are there');
  expect(await starts('from_beginning')).toEqual([['10:00'], ['10:01'], ['10:02']]);
  expect(await starts('from_time')).toEqual([['10:01'], ['10:02']]);
  await reads(now, 4);
  expect(await starts('from_now')).toEqual([]);
  expect(await live(now)).toMatchObject({ eventsIn: 1n, late: 0n });
});

it('a windowless job starts with what comes after its approval, or with what came since a time', async () => {
  await push(sales, salesAt([1]));
  await makeRealTimeJob(sales, {
    kind: 'windowless',
    target: 'since',
    start: new Date(Date.now() - 60_000).toISOString(),
  });
  const now = await makeRealTimeJob(sales, { kind: 'windowless', target: 'from_now', start: 'now' });
  await push(sales, salesAt([2], { id: 7 }));
  await reads(now, 2);
  expect(await rowsIn(sales, 'from_now', 'id')).toEqual([['7']]);
  await until(async () => (await rowsIn(sales, 'since', 'id')).length === 2, 'both are there');
});

it('a job whose owner lost the right stops, says so, and a version of someone else takes over at once', async () => {
  const jobId = await makeRealTimeJob(sales);
  await push(sales, salesAt([1]));
  await reads(jobId, 1);
  await db().member.deleteMany({ where: { projectId: sales.projectId } });
  await push(sales, salesAt([61], { id: 1 }));
  await until(async () => (await live(jobId)).trouble !== null, 'it is in trouble');
  expect(await live(jobId)).toMatchObject({ trouble: { code: 'forbidden' } });
  await until(() => !isWorking(jobId), 'nobody works on it');
  expect(await notices(jobId)).toMatchObject([
    { kind: 'failed', text: expect.stringContaining('Ada no longer has the right') },
  ]);
  await db().member.create({ data: { projectId: sales.projectId, userId: sales.lead.userId, role: 'owner' } });
  await approveNext(sales, jobId, {});
  await until(async () => (await output()).length === 1, 'the window is there');
  expect(await live(jobId)).toMatchObject({ trouble: null });
});

it('a text that was changed after it was signed is not run', async () => {
  const jobId = await makeRealTimeJob(sales);
  const { promotionId } = await db().job.findUniqueOrThrow({ where: { id: jobId } });
  await db().promotion.update({ where: { id: promotionId }, data: { hash: '00' } });
  await push(sales, salesAt([1, 61]));
  await until(async () => (await live(jobId)).trouble !== null, 'it is in trouble');
  expect(await live(jobId)).toMatchObject({ trouble: { code: 'void' } });
  expect(await output()).toEqual([]);
});

it('a state that cannot be read stops the job and says so', async () => {
  const jobId = await makeRealTimeJob(sales);
  await push(sales, salesAt([1]));
  await reads(jobId, 1);
  await db().liveJob.update({ where: { jobId }, data: { progress: { parts: 'nonsense' } } });
  sales.lodestar.realtime.wake(jobId);
  await until(async () => (await live(jobId)).trouble !== null, 'it is in trouble');
  expect(await live(jobId)).toMatchObject({ trouble: { code: 'bad-state' } });
});

it('events that retention deleted before they were answered for are told', async () => {
  const jobId = await makeRealTimeJob(sales);
  await setState(jobId, 'paused');
  await until(() => !isWorking(jobId), 'nobody works on it');
  await push(sales, salesAt([1, 2, 3]));
  await push(sales, salesAt([61, 121], { id: 10 }));
  const first = await db().segment.findFirstOrThrow({
    where: { streamId: sales.streamId },
    orderBy: { firstOffset: 'asc' },
  });
  expect(first).toMatchObject({ rows: 3n });
  const isSealed = async () => (await db().segment.count({ where: { id: first.id, state: 'sealed' } })) === 1;
  await until(isSealed, 'the first segment is sealed');
  await db().segment.delete({ where: { id: first.id } });
  await setState(jobId, 'active');
  await until(async () => (await notices(jobId)).length > 0, 'it is told');
  expect(await notices(jobId)).toMatchObject([{ kind: 'lost', data: { from: 0, to: 3, events: 3 } }]);
  await until(async () => (await output()).length === 1, 'the job goes on');
});

it('a window that retention cut into before it was over says so', async () => {
  const jobId = await makeRealTimeJob(sales);
  await push(sales, salesAt([1, 2, 3]));
  await reads(jobId, 3);
  const first = await db().segment.findFirstOrThrow({ where: { streamId: sales.streamId } });
  const isSealed = async () => (await db().segment.count({ where: { id: first.id, state: 'sealed' } })) === 1;
  await until(isSealed, 'the first segment is sealed');
  await db().segment.delete({ where: { id: first.id } });
  await push(sales, salesAt([4, 61], { id: 10 }));
  await until(async () => (await output()).length === 1, 'the window is there');
  expect(await output()).toEqual([['10:00', 'a', '1']]);
  expect(await runs(jobId)).toMatchObject([
    { state: 'warned', error: { code: 'events-gone' }, eventsIn: 4n, rows: 1n },
  ]);
});

it('a window whose build is lost each time fails in the end, and the job goes on', async () => {
  const { warehouse } = sales.lodestar;
  const workshop = warehouse.workshop.bind(warehouse);
  let lost = 0;
  warehouse.workshop = (person) => {
    const own = workshop(person);
    const each: typeof own.each = (request, others, signal) => {
      const all = [request, ...others];
      const at = all.findIndex(({ parameters }) => parameters.window_start?.value === '2026-11-21 10:01:00');
      if (at !== 0) return own.each(request, others.slice(0, at < 0 ? others.length : at - 1), signal);
      lost += 1;
      return Promise.resolve([{ ok: false, error: { code: 'lost', message: 'The engine was lost.' } }]);
    };
    return { build: own.build, each, close: () => own.close() };
  };
  try {
    const jobId = await makeRealTimeJob(sales);
    await push(sales, salesAt([1, 61, 121, 181]));
    const wake = async () => (await live(jobId)).trouble && sales.lodestar.realtime.wake(jobId);
    await until(async () => (await wake(), (await output()).length === 2), 'the others are there', 100_000);
    expect(await runs(jobId)).toMatchObject([
      { state: 'good' },
      { state: 'failed', error: { code: 'lost', message: expect.stringContaining('tried 6 times') } },
      { state: 'good' },
    ]);
    expect(lost).toBe(6);
    expect(await live(jobId)).toMatchObject({ trouble: null });
  } finally {
    warehouse.workshop = workshop;
  }
});

it('a job in trouble with nothing to show is told once', async () => {
  const jobId = await makeRealTimeJob(sales);
  await db().liveJob.update({ where: { jobId }, data: { progress: [] as unknown as Prisma.InputJsonValue } });
  for (let time = 0; time < 3; time += 1) {
    sales.lodestar.realtime.wake(jobId);
    await until(async () => !isWorking(jobId) && (await live(jobId)).trouble !== null, 'it is in trouble');
  }
  expect(await notices(jobId)).toHaveLength(1);
});
