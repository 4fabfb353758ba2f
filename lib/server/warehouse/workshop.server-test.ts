import { afterAll, beforeAll, expect, it, vi } from 'vitest';
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
