import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Relation } from '#kernels/kernel.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { createWarehouse, type StandingWarehouse } from './create.ts';
import type { Build, Workshop } from './warehouse.ts';

let lodestar: TestLodestar;
let warehouse: StandingWarehouse;
let workshop: Workshop;

beforeAll(async () => {
  lodestar = await startLodestar({ warehouse: (world) => createWarehouse(world) });
  warehouse = lodestar.warehouse as unknown as StandingWarehouse;
  workshop = warehouse.workshop('job:one');
});
afterAll(async () => {
  await workshop.close();
  await lodestar.close();
});

const never = () => new AbortController().signal;
const pids = () => warehouse.kernel.pool.standingPids;

function request(sql: string, more: Partial<Build> = {}): Build {
  const steps = [{ name: 'last', engine: 'warehouse' as const, sql }];
  return { steps, parameters: {}, relations: {}, checks: [], stamp: {}, preview: 100, log: () => undefined, ...more };
}

async function rows(sql: string, more: Partial<Build> = {}) {
  const built = await workshop.build(request(sql, more), never());
  return built.ok ? built.preview?.rows : built.error;
}

/** The rows of a text, as a build leaves them. */
async function published(sql: string): Promise<Extract<Relation, { kind: 'parquet' }>> {
  const built = await warehouse.build(request(sql), never());
  if (!built.ok) throw new Error(built.error.message);
  const { file, columns } = built;
  return { kind: 'parquet', hash: file.sha256, complete: true, files: [file.path], columns };
}

/** A build whose second step does not end; `underWay` when it has begun. */
function endless(signal: AbortSignal) {
  const steps = ['SELECT 1', 'SELECT count(*) FROM range(1000000000000) a, range(1000000000000) b'];
  const named = steps.map((sql, at) => ({ name: `step_${at}`, engine: 'warehouse' as const, sql }));
  const begun = Promise.withResolvers<void>();
  const slow = workshop.build(request('', { steps: named, log: () => begun.resolve() }), signal);
  return { slow, underWay: begun.promise };
}

it('makes builds one after the other in one process', async () => {
  expect(await rows('SELECT 1 AS a')).toEqual([['1']]);
  const first = pids();
  expect(first).toHaveLength(1);
  expect(await rows('SELECT 2 AS a')).toEqual([['2']]);
  expect(pids()).toEqual(first);
});

it('takes builds that were asked for together', async () => {
  const all = await Promise.all([1, 2, 3].map((number) => rows(`SELECT ${number} AS a`)));
  expect(all).toEqual([[['1']], [['2']], [['3']]]);
  expect(pids()).toHaveLength(1);
});

it('gives what a build by itself gives', async () => {
  const asked = request('SELECT range AS a, a * 0.1 AS b FROM range(10)', {
    stamp: { window_start: { type: 'TIMESTAMP', value: '2026-11-21 10:00:00' } },
    checks: [{ type: 'unique', columns: ['a'] }],
  });
  const [here, alone] = [await workshop.build(asked, never()), await warehouse.build(asked, never())];
  if (!here.ok || !alone.ok) throw new Error('not built');
  expect(here.preview).toEqual(alone.preview);
  expect(here.checks).toEqual(alone.checks);
  expect(here.columns).toEqual(alone.columns);
  expect(here.file.sha256).toBe(alone.file.sha256);
});

describe('windows that are asked for together', () => {
  const perWindow =
    'SELECT {{part}} AS part, count(*) AS rows, max(number) AS last FROM events WHERE number % 2 = {{part}}';
  const inputs = (part: number) => ({
    parameters: { part: { type: 'number' as const, value: part } },
    stamp: { window_start: { type: 'TIMESTAMP' as const, value: `2026-11-21 10:0${part}:00` } },
  });
  const below = (end: number) => ({ column: 'number', below: end });

  it('are each what a build by itself is, over the rows that are there for it', async () => {
    const events = await published('SELECT range AS number FROM range(100)');
    const asked = { ...inputs(0), relations: { events: { ...events, bounds: below(50) } } };
    const others = [{ ...inputs(1), bounds: { events: below(80) } }, inputs(1)];
    const built = await workshop.each(request(perWindow, asked), others, never());
    expect(built.map((each) => each.ok && each.preview?.rows)).toEqual([
      [['0', '25', '48', '2026-11-21 10:00:00']],
      [['1', '40', '79', '2026-11-21 10:01:00']],
      [['1', '25', '49', '2026-11-21 10:01:00']],
    ]);
    const second = { ...inputs(1), relations: { events: { ...events, bounds: below(80) } } };
    const alone = await warehouse.build(request(perWindow, second), never());
    expect(built[1]).toMatchObject({ ok: true, file: { sha256: alone.ok && alone.file.sha256 } });
  });

  it('see nothing of each other', async () => {
    const kept = request('SELECT count(*) AS tables FROM duckdb_tables()');
    const built = await workshop.each(kept, [kept, kept], never());
    expect(built.map((each) => each.ok && each.preview?.rows)).toEqual([[['1']], [['1']], [['1']]]);
  });

  it('fail each by itself', async () => {
    const divided = request("SELECT CASE WHEN {{part}} = 1 THEN error('odd') ELSE 'even' END AS said", inputs(0));
    const built = await workshop.each(divided, [inputs(1), inputs(2)], never());
    expect(built.map(({ ok }) => ok)).toEqual([true, false, true]);
  });

  it('are left to be asked for again after one that could not begin, and the process goes on', async () => {
    const events = await published('SELECT range AS number FROM range(10)');
    const asked = { ...inputs(0), relations: { events: { ...events, bounds: below(5) } } };
    const wrong = { ...inputs(1), bounds: { events: { column: 'nowhere', below: 5 } } };
    const built = await workshop.each(request(perWindow, asked), [wrong, inputs(1)], never());
    expect(built.map(({ ok }) => ok)).toEqual([true, false]);
    const before = pids();
    expect(await rows('SELECT 7 AS a')).toEqual([['7']]);
    expect(pids()).toEqual(before);
  });

  it('are not begun when nobody wants them any more', async () => {
    const controller = new AbortController();
    const text = 'SELECT count(*) FROM range(1000000000000) a, range(1000000000000) b';
    const steps = ['SELECT 1', text].map((sql, at) => ({ name: `step_${at}`, engine: 'warehouse' as const, sql }));
    const log = () => controller.abort();
    const built = await workshop.each(request('', { steps, log }), [inputs(1), inputs(2)], controller.signal);
    expect(built).toMatchObject([{ ok: false, error: { code: 'cancelled' } }]);
    expect(await rows('SELECT 8 AS a')).toEqual([['8']]);
  });
});

it('locks an engine that was there before as that of a build by itself', async () => {
  const settings = request(`SELECT name, value FROM duckdb_settings() WHERE name <> 'allowed_paths' ORDER BY name`, {
    preview: 1000,
  });
  await workshop.build(settings, never());
  const [here, alone] = [await workshop.build(settings, never()), await warehouse.build(settings, never())];
  if (!here.ok || !alone.ok) throw new Error('not built');
  expect(here.preview?.rows).toEqual(alone.preview?.rows);
  expect(here.preview?.rows).toContainEqual(['lock_configuration', 'true']);
});

it('leaves nothing of a build for the next', async () => {
  const built = await workshop.build(request('SELECT 42 AS secret'), never());
  if (!built.ok) throw new Error('not built');
  expect(await rows('SELECT * FROM last')).toMatchObject({ code: 'unknown-name' });
  expect(await rows(`SELECT * FROM read_parquet('${built.file.path}')`)).toMatchObject({
    message: expect.stringMatching(/may not|not allowed|file/i),
  });
});

it('goes on after a text that is wrong', async () => {
  expect(await rows('SELECT nothing FROM nowhere')).toMatchObject({ code: 'unknown-name' });
  expect(await rows('SELECT 3 AS a')).toEqual([['3']]);
});

it('says that the engine was lost, and takes another', async () => {
  await rows('SELECT 1');
  const { slow, underWay } = endless(never());
  await underWay;
  process.kill(pids()[0]!, 'SIGKILL');
  expect(await slow).toMatchObject({ ok: false, error: { code: 'lost' } });
  expect(await rows('SELECT 4 AS a')).toEqual([['4']]);
});

it('stops a build that is not wanted any more', async () => {
  const controller = new AbortController();
  const { slow, underWay } = endless(controller.signal);
  await underWay;
  controller.abort();
  expect(await slow).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(await rows('SELECT 5 AS a')).toEqual([['5']]);
});

it('lets go of its process when it is closed', async () => {
  await rows('SELECT 1');
  await workshop.close();
  await vi.waitUntil(() => pids().length === 0);
  expect(await rows('SELECT 6 AS a')).toEqual([['6']]);
});
