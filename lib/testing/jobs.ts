import { DuckDBInstance } from '@duckdb/node-api';
import type { CellSpec } from '#lib/notebook/cell.ts';
import { newId } from '#lib/notebook/id.ts';
import { PromotionRequest } from '#lib/job/request.ts';
import type { Actor } from '#lib/server/access.ts';
import { createRooms } from '#lib/server/collaboration/rooms.ts';
import { approvePromotion, submitPromotion } from '#lib/server/data/approval.ts';
import { addNotebook } from '#lib/server/data/notebook.ts';
import { createPromotion } from '#lib/server/data/promote.ts';
import { startScheduler, type RunningScheduler, type SchedulerOptions } from '#lib/server/jobs/start.ts';
import { createWarehouse, type StandingWarehouse } from '#lib/server/warehouse/create.ts';
import { measure } from '#lib/server/warehouse/files.ts';
import { startLodestar, type Parts, type TestLodestar } from './lodestar.ts';
import { makeActor, makeProject } from './people.ts';

/*
 * A project with purchases and a notebook whose cell asks for each day's revenue, so that tests of jobs can say in one line
 * what they are about. On the day d of November 2026 there are d purchases, of 1, 2, … d cents: anyone can say what is right.
 */

export const dailyRevenue = `SELECT CAST(paid_at AS DATE) AS day, count(*) AS purchases, sum(cents) AS cents
FROM purchase WHERE paid_at >= {{window_start}} AND paid_at < {{window_end}} GROUP BY ALL`;

/** A server with one shop at a time in it. */
export interface Jobs extends Shop {
  lodestar: TestLodestar & { scheduler: RunningScheduler; warehouse: StandingWarehouse };
  clock: { at: Date };
  close(): Promise<void>;
}

/** A project with purchases and a notebook. */
export interface Shop {
  lead: Actor;
  projectId: string;
  notebookId: string;
}

const startOfClock = '2026-11-21T10:00:00Z';

export async function startJobs(options: SchedulerOptions = {}, parts: Parts = {}): Promise<Jobs> {
  const clock = { at: new Date(startOfClock) };
  const lodestar = (await startLodestar({
    now: () => clock.at,
    rooms: ({ executeSql, log, now }) =>
      createRooms({ executeSql, log, now, authenticate: async () => null, allowedOrigins: () => [] }),
    warehouse: (world) => createWarehouse(world),
    scheduler: (world) => startScheduler(world, { pause: () => 0, ...options }),
    ...parts,
  })) as Jobs['lodestar'];
  return { lodestar, clock, close: () => lodestar.close(), ...(await openShop(lodestar)) };
}

/** Gives a test a project of its own on the same server, and the clock back. */
export async function renew(jobs: Jobs): Promise<void> {
  jobs.clock.at = new Date(startOfClock);
  Object.assign(jobs, await openShop(jobs.lodestar));
}

export async function openShop(lodestar: Jobs['lodestar']): Promise<Shop> {
  const lead = await makeActor({ name: 'Ada' });
  const { id: projectId } = await makeProject(lead, { timeZone: 'Europe/Berlin' });
  await makePurchases(lodestar, projectId);
  const cells: CellSpec[] = [{ type: 'sql', name: 'revenue', source: dailyRevenue }];
  const { id: notebookId } = await makeNotebook(projectId, lead, cells);
  return { lead, projectId, notebookId };
}

export function makeNotebook(projectId: string, by: Actor, cells: CellSpec[]): Promise<{ id: string }> {
  return addNotebook(projectId, by.userId, { title: 'Revenue', cells: cells.map((cell) => ({ source: '', ...cell })) });
}

/** What a page sends; `more` wins. */
export function asking(more: object = {}): PromotionRequest {
  return PromotionRequest.parse({ cell: 'revenue', target: 'daily_revenue', window: 'day', ...more });
}

/** From the notebook's cell to an approved job, by its only lead. */
export async function makeJob({ lead, notebookId }: Shop, more: object = {}): Promise<string> {
  const { id } = await createPromotion(lead, notebookId, asking(more));
  await submitPromotion(lead, id);
  const { jobId } = await approvePromotion(lead, id, { comment: '' });
  return jobId;
}

/** What stands in the job's output, read with another engine instance straight from the manifest's files. */
export async function outputOf(
  { lodestar }: Pick<Jobs, 'lodestar'>,
  jobId: string,
): Promise<{ day: string; purchases: number; cents: number }[]> {
  const job = await lodestar.db.job.findUniqueOrThrow({ where: { id: jobId } });
  const partitions = await lodestar.db.partition.findMany({ where: { datasetId: job.datasetId } });
  if (partitions.length === 0) return [];
  const files = partitions.map((partition) => `'${lodestar.warehouse.files.fromEntry(partition.file)}'`).join(', ');
  const found = await query(
    `SELECT day::VARCHAR AS day, purchases::INTEGER AS purchases, cents::INTEGER AS cents FROM read_parquet([${files}], union_by_name = true) ORDER BY day`,
  );
  return found as { day: string; purchases: number; cents: number }[];
}

/** What must stand there for these days of November 2026, by arithmetic. */
export function answerFor(...days: number[]): { day: string; purchases: number; cents: number }[] {
  return days.map((day) => ({
    day: `2026-11-${String(day).padStart(2, '0')}`,
    purchases: day,
    cents: (day * (day + 1)) / 2,
  }));
}

async function makePurchases({ db, warehouse }: Jobs['lodestar'], projectId: string): Promise<void> {
  const path = warehouse.files.stage('parquet');
  await query(`COPY (
    SELECT TIMESTAMP '2026-11-01' + to_days(day - 1) + to_minutes(n * 30) AS paid_at, n AS cents
    FROM range(1, 31) days(day), range(1, 31) numbers(n) WHERE n <= day
  ) TO '${path}' (FORMAT parquet)`);
  const file = await warehouse.settle(await measure(path, 465));
  const columns = [
    { name: 'paid_at', type: 'TIMESTAMP' },
    { name: 'cents', type: 'BIGINT' },
  ];
  const { id: datasetId } = await db.dataset.create({
    data: { id: newId(), projectId, name: 'purchase', kind: 'upload' },
  });
  const whole = { key: 'all', windowStart: null, windowEnd: null, runId: null };
  await db.$transaction((tx) => warehouse.publish(tx, { datasetId, file, columns, ...whole }));
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjects();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
