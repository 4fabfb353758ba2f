import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeRealTimeJob, openSales, push, rowsIn, salesAt, startSales, type Sales } from '#lib/testing/realtime.ts';
import { batchOf } from '#lib/testing/streams.ts';
import { until } from '#lib/testing/until.ts';
import { readLive } from './view.ts';

let sales: Sales;
beforeAll(async () => void (sales = await startSales()));
beforeEach(async () => void Object.assign(sales, await openSales()));
afterAll(() => sales.close());

const runs = (jobId: string) =>
  sales.lodestar.db.run.findMany({
    where: { jobId },
    include: { lines: true },
    orderBy: [{ windowStart: 'asc' }, { through: 'asc' }],
  });
const output = () => rowsIn(sales, 'live_sales', "strftime(window_start, '%H:%M:%S') AS at, shop, sales, cents");
const live = (jobId: string) => sales.lodestar.db.liveJob.findUniqueOrThrow({ where: { jobId } });
const reads = (jobId: string, position: number) =>
  until(async () => (await live(jobId)).position >= position, `event ${position} is read`);

it('a window is published once the watermark has passed its end', async () => {
  const jobId = await makeRealTimeJob(sales, { delay: 5 });
  await push(sales, salesAt([1, 2, 59]));
  await push(sales, salesAt([64], { id: 10 }));
  await reads(jobId, 4);
  expect(await output()).toEqual([]);
  await push(sales, salesAt([65], { id: 20, shop: 'b' }));
  await until(async () => (await output()).length === 1, 'the window is there', 60_000);
  expect(await output()).toEqual([['10:00:00', 'a', '3', '6']]);
  expect(await runs(jobId)).toMatchObject([
    { state: 'good', cause: 'stream', through: 5n, eventsIn: 3n, late: 0n, rows: 1n, attempt: 1 },
  ]);
  const view = (await readLive(sales.lodestar, jobId))!;
  expect(view).toMatchObject({
    position: 5,
    end: 5,
    lag: 0,
    watermark: '2026-11-21T10:01:00.000Z',
    open: [{ windowStart: '2026-11-21T10:01:00.000Z', windowEnd: '2026-11-21T10:02:00.000Z', events: 2 }],
    eventsIn: 5,
    rowsOut: 1,
    late: 0,
    trouble: null,
    slowest: null,
  });
  expect(view.node).not.toBeNull();
  expect(view.minutes.reduce((sum, { eventsIn }) => sum + eventsIn, 0)).toBe(5);
});

it('windows without events are answered too', async () => {
  const text = 'SELECT count(*) AS sales FROM sale WHERE time >= {{window_start}} AND time < {{window_end}}';
  const jobId = await makeRealTimeJob(sales, { sql: text });
  await push(sales, salesAt([1]));
  await push(sales, salesAt([181], { id: 1 }));
  await until(async () => (await runs(jobId)).length === 3, 'three windows are over');
  expect(await rowsIn(sales, 'live_sales', 'sales, window_start')).toEqual([
    ['0', '2026-11-21 10:01:00'],
    ['0', '2026-11-21 10:02:00'],
    ['1', '2026-11-21 10:00:00'],
  ]);
});

it('late events are dropped and counted exactly', async () => {
  const jobId = await makeRealTimeJob(sales, { late: { do: 'drop' } });
  await push(sales, salesAt([1, 2]));
  await push(sales, salesAt([60], { id: 10 }));
  await until(async () => (await output()).length === 1, 'the window is there');
  await push(sales, salesAt([3, 4, 61], { id: 20 }));
  await push(sales, salesAt([120], { id: 30 }));
  await until(async () => (await output()).length === 2, 'the next is there');
  expect(await output()).toEqual([
    ['10:00:00', 'a', '2', '3'],
    ['10:01:00', 'a', '2', '34'],
  ]);
  expect(await runs(jobId)).toMatchObject([
    { cause: 'stream', eventsIn: 2n, late: 2n },
    { cause: 'stream', eventsIn: 2n, late: 0n },
  ]);
  expect(await live(jobId)).toMatchObject({ late: 2n, eventsIn: 7n });
});

it('late events are counted to a window that the same commit answered, too, in whatever way', async () => {
  const policies = [{ do: 'drop' }, { do: 'correct', for: 60 }];
  for (const late of policies) {
    Object.assign(sales, await openSales());
    await push(sales, salesAt([1, 61]));
    await push(sales, salesAt([2], { id: 10 }));
    await push(sales, salesAt([185], { id: 20 }));
    await push(sales, salesAt([3], { id: 30 }));
    // It finds all of them at once.
    const jobId = await makeRealTimeJob(sales, { late });
    await until(async () => (await live(jobId)).position === 5n, 'all is read');
    expect(await live(jobId)).toMatchObject({ late: 2n });
    expect((await runs(jobId)).map((run) => run.late)).toEqual([2n, 0n, 0n]);
  }
});

it('an event that comes too late to correct is counted, too, where one before it corrects in the same commit', async () => {
  const { lodestar } = sales;
  const jobId = await makeRealTimeJob(sales, { late: { do: 'correct', for: 60 } });
  await push(sales, salesAt([1, 61]));
  await until(async () => (await output()).length === 1, 'the window is there');
  await lodestar.db.job.update({ where: { id: jobId }, data: { state: 'paused' } });
  lodestar.realtime.wake(jobId);
  await until(() => !lodestar.realtime.working().includes(jobId), 'nobody works on it');
  await push(sales, salesAt([2], { id: 10 }));
  await push(sales, salesAt([185], { id: 20 }));
  await push(sales, salesAt([3], { id: 30 }));
  await lodestar.db.job.update({ where: { id: jobId }, data: { state: 'active' } });
  lodestar.realtime.wake(jobId);
  await until(async () => (await live(jobId)).position === 5n, 'all is read');
  const [, again] = await runs(jobId);
  expect(again).toMatchObject({
    cause: 'late',
    through: 3n,
    late: 2n,
    lines: [{ text: expect.stringContaining('1 event that came late') }],
  });
});

it('late events correct their window while they may, and are only counted after it', async () => {
  const jobId = await makeRealTimeJob(sales, { late: { do: 'correct', for: 60 } });
  await push(sales, salesAt([1, 2]));
  await push(sales, salesAt([60], { id: 10 }));
  await until(async () => (await output()).length === 1, 'the window is there');
  await push(sales, salesAt([3], { id: 20, shop: 'b' }));
  await until(async () => (await runs(jobId)).length === 2, 'it is published again');
  expect(await output()).toEqual([
    ['10:00:00', 'a', '2', '3'],
    ['10:00:00', 'b', '1', '21'],
  ]);
  expect(await runs(jobId)).toMatchObject([
    { cause: 'stream', through: 3n, eventsIn: 2n, late: 0n },
    {
      cause: 'late',
      through: 4n,
      eventsIn: 2n,
      late: 1n,
      lines: [{ text: expect.stringContaining('1 event that came late') }],
    },
  ]);
  await push(sales, salesAt([120], { id: 30 }));
  await until(async () => (await runs(jobId)).length === 3, 'the next is there');
  await push(sales, salesAt([4], { id: 40 }));
  await reads(jobId, 6);
  expect((await output()).filter(([at]) => at === '10:00:00')).toHaveLength(2);
  expect(await live(jobId)).toMatchObject({ late: 2n });
  expect(await runs(jobId)).toMatchObject([{ late: 0n }, { late: 2n }, { late: 0n }]);
  const minutes = await sales.lodestar.db.liveMinute.aggregate({ where: { jobId }, _sum: { corrections: true } });
  expect(minutes._sum.corrections).toBe(1);
});

it('late events are kept as they came, with their window', async () => {
  const jobId = await makeRealTimeJob(sales, { late: { do: 'keep' } });
  await push(sales, salesAt([1]));
  await push(sales, salesAt([120], { id: 10 }));
  await until(async () => (await output()).length === 1, 'the window is there');
  await push(sales, [
    ...salesAt([3, 4], { id: 20 }),
    ...salesAt([70], { id: 30, shop: 'b' }),
    ...salesAt([121], { id: 40 }),
  ]);
  const kept = () => rowsIn(sales, 'live_sales_late', "id, shop, _offset, strftime(window_start, '%H:%M') AS at");
  await until(async () => (await kept()).length === 3, 'the late events are there');
  expect(await kept()).toEqual([
    ['20', 'a', '2', '10:00'],
    ['21', 'a', '3', '10:00'],
    ['30', 'b', '4', '10:01'],
  ]);
  expect(await live(jobId)).toMatchObject({ late: 3n });
  expect((await readLive(sales.lodestar, jobId))!.lateDataset?.name).toBe('live_sales_late');
  expect(await output()).toEqual([['10:00:00', 'a', '1', '1']]);
});

it('a window whose query fails is absent and the job goes on', async () => {
  const sql = `SELECT shop, count(*) AS sales, sum(CAST(shop AS BIGINT))::BIGINT AS cents
    FROM sale WHERE time >= {{window_start}} AND time < {{window_end}} GROUP BY shop`;
  const jobId = await makeRealTimeJob(sales, { sql });
  await push(sales, salesAt([1], { shop: '1' }));
  await push(sales, salesAt([61], { id: 1, shop: 'no number' }));
  await push(sales, salesAt([121], { id: 2, shop: '3' }));
  await push(sales, salesAt([181], { id: 3, shop: '4' }));
  await until(async () => (await runs(jobId)).length === 3, 'three windows are over');
  expect(await runs(jobId)).toMatchObject([
    { state: 'good' },
    { state: 'failed', error: { message: expect.stringContaining('no number') }, rows: null },
    { state: 'good' },
  ]);
  expect((await output()).map(([at]) => at)).toEqual(['10:00:00', '10:02:00']);
  const notices = await sales.lodestar.db.notice.findMany({ where: { jobId } });
  expect(notices).toMatchObject([{ kind: 'failed', text: expect.stringContaining('2026-11-21 10:01:00 UTC') }]);
});

it('a window whose check fails is not published, and a correction that fails leaves what stood there', async () => {
  const jobId = await makeRealTimeJob(sales, {
    late: { do: 'correct', for: 3600 },
    checks: [{ type: 'range', column: 'cents', max: 100 }],
  });
  await push(sales, salesAt([1], { id: 0 }));
  await push(sales, salesAt([61], { id: 200 }));
  await push(sales, salesAt([121], { id: 1 }));
  await until(async () => (await runs(jobId)).length === 2, 'two windows are over');
  await push(sales, salesAt([2], { id: 300 }));
  await until(async () => (await runs(jobId)).length === 3, 'the first is tried again');
  expect(await output()).toEqual([['10:00:00', 'a', '1', '1']]);
  expect(await runs(jobId)).toMatchObject([
    { state: 'good', cause: 'stream' },
    { state: 'failed', cause: 'late', error: { code: 'check-failed' } },
    { state: 'failed', error: { code: 'check-failed' } },
  ]);
});

it('windows of a day are cut in the zone and told in UTC', async () => {
  await makeRealTimeJob(sales, { window: { unit: 'day', size: 1 }, timeZone: 'Europe/Berlin' });
  const day = 86_400;
  // 10:00 UTC is 11:00 in Berlin; its day begins at 23:00 UTC the evening before.
  await push(sales, salesAt([-11 * 3600 - day, -11 * 3600 - 1 - day, -day]));
  await push(sales, salesAt([0], { id: 10 }));
  await until(async () => (await output()).length === 2, 'two days are there');
  expect(await rowsIn(sales, 'live_sales', 'sales, window_start')).toEqual([
    ['1', '2026-11-18 23:00:00'],
    ['2', '2026-11-19 23:00:00'],
  ]);
});

it('many windows due at once come in commits of 64', async () => {
  const jobId = await makeRealTimeJob(sales, { seconds: 10 });
  await push(sales, salesAt(Array.from({ length: 70 }, (_, index) => index * 10)));
  await until(async () => (await output()).length === 69, 'all are there', 120_000);
  const ended = await sales.lodestar.db.run.groupBy({ by: ['endedAt'], where: { jobId }, _count: true });
  expect(Math.max(...ended.map(({ _count }) => _count))).toBeLessThanOrEqual(64);
});

it('many windows without events are a gap that is told', async () => {
  const jobId = await makeRealTimeJob(sales);
  await push(sales, salesAt([-7 * 86_400]));
  await push(sales, salesAt([0], { id: 1 }));
  await until(async () => (await runs(jobId)).length === 1, 'the window is there');
  await until(
    async () => (await sales.lodestar.db.notice.count({ where: { jobId, kind: 'gap' } })) === 1,
    'it is told',
  );
});

it('a past of an event an hour is caught up with though its windows are of ten seconds, and what is passed is said', async () => {
  const jobId = await makeRealTimeJob(sales, { seconds: 10 });
  const years = 6 * 365 * 86_400;
  await push(sales, salesAt(Array.from({ length: 73 }, (_, hour) => hour * 3600 - years)));
  await until(async () => (await output()).length === 72, 'all hours are there', 60_000);
  expect(await runs(jobId)).toHaveLength(72);
  const notices = await sales.lodestar.db.notice.findMany({ where: { jobId, kind: 'gap' }, orderBy: { at: 'asc' } });
  expect(notices.length).toBeLessThanOrEqual(3);
  const passed = notices.map(({ data }) => (data as { windows: number }).windows);
  expect(passed.reduce((sum, each) => sum + each, 0)).toBe(72 * 359);
  expect(notices[0]!.text).toContain('empty windows were passed and not answered');
});

it('events of very many windows in one batch leave no more than so many open in what is stored', async () => {
  const jobId = await makeRealTimeJob(sales, { seconds: 10 });
  await sales.lodestar.db.job.update({ where: { id: jobId }, data: { state: 'paused' } });
  const years = 6 * 365 * 86_400;
  await push(sales, salesAt(Array.from({ length: 30_000 }, (_, window) => window * 10 - years)));
  await sales.lodestar.db.job.update({ where: { id: jobId }, data: { state: 'active' } });
  sales.lodestar.realtime.wake(jobId);
  await until(async () => (await runs(jobId)).length >= 64, 'the first are there', 60_000);
  const { position, progress, late } = await live(jobId);
  expect([position, late]).toEqual([0n, 0n]);
  expect((progress as { open: unknown[] }).open.length).toBeLessThanOrEqual(20_000);
  expect((await runs(jobId))[0]).toMatchObject({ through: 30_000n, eventsIn: 1n });
  await sales.lodestar.db.job.update({ where: { id: jobId }, data: { state: 'paused' } });
});

it('where a part is so far behind that too many windows are open, the oldest are answered, and that is said once', async () => {
  const jobId = await makeRealTimeJob(sales, { seconds: 10 });
  const { streams, db } = sales.lodestar;
  const send = (part: string, windows: number[], id: number) => {
    const events = salesAt(
      windows.map((window) => window * 10 - 6 * 365 * 86_400),
      { id },
    );
    return streams.append(sales.streamId, { ...batchOf(events), part }, 100);
  };
  await send('behind', [0], 0);
  await send('ahead', [0, ...Array.from({ length: 10_003 }, (_, window) => window + 1)], 1);
  await until(async () => (await output()).length === 4, 'the oldest are there', 60_000);
  await send('ahead', [10_004], 20_000);
  await until(async () => (await output()).length === 5, 'so is the next', 60_000);
  await send('behind', [1, 2], 30_000);
  await reads(jobId, 10_008);
  const { progress, late } = await live(jobId);
  expect(late).toBe(2n);
  expect((progress as { open: unknown[] }).open.length).toBeLessThanOrEqual(10_000);
  const told = await db.notice.findMany({ where: { jobId, kind: 'stuck' } });
  expect(told).toMatchObject([{ text: expect.stringContaining('for more windows than may be open at once') }]);
  await db.job.update({ where: { id: jobId }, data: { state: 'paused' } });
});

it('however many windows late events correct at once, a commit publishes a bounded number of them', async () => {
  const jobId = await makeRealTimeJob(sales, { seconds: 10, late: { do: 'correct', for: 86_400 } });
  const seconds = Array.from({ length: 80 }, (_, window) => window * 10);
  await push(sales, salesAt([...seconds, 800]));
  await until(async () => (await output()).length === 80, 'all windows are there', 120_000);
  await push(sales, salesAt(seconds, { id: 1000 }));
  await until(async () => (await live(jobId)).position === 161n, 'all is read', 60_000);
  expect(new Set((await output()).map(([, , count]) => count))).toEqual(new Set(['2']));
  const late = (await runs(jobId)).filter(({ cause }) => cause === 'late');
  expect(late).toHaveLength(80);
  expect(late.every((run) => run.late === 1n && run.eventsIn === 1n && run.through === 161n)).toBe(true);
  const byCommit = Map.groupBy(late, ({ endedAt }) => endedAt!.getTime());
  expect(Math.max(...[...byCommit.values()].map((each) => each.length))).toBeLessThanOrEqual(64);
  expect((await live(jobId)).late).toBe(80n);
});

it('late events are counted to each of their windows, however many they are', async () => {
  const jobId = await makeRealTimeJob(sales, { seconds: 10 });
  const seconds = Array.from({ length: 70 }, (_, window) => window * 10);
  await push(sales, salesAt([...seconds, 700]));
  await until(async () => (await output()).length === 70, 'all windows are there', 120_000);
  await push(sales, salesAt([...seconds, 1, 2], { id: 1000 }));
  await reads(jobId, 143);
  expect((await runs(jobId)).map(({ late }) => late)).toEqual([3n, ...seconds.slice(1).map(() => 1n)]);
});
