import { DuckDBInstance } from '@duckdb/node-api';
import { specHash } from '#lib/job/hash.ts';
import { PromotionSpec } from '#lib/job/spec.ts';
import { newId } from '#lib/notebook/id.ts';
import type { Actor } from '#lib/server/access.ts';
import { startScheduler, type RunningScheduler, type SchedulerOptions } from '#lib/server/jobs/start.ts';
import { beginLive, beginningOf, nextVersion } from '#lib/server/realtime/begin.ts';
import { startRealTime, type RealTimeOptions } from '#lib/server/realtime/supervise.ts';
import { measure } from '#lib/server/warehouse/files.ts';
import { createWarehouse, type StandingWarehouse } from '#lib/server/warehouse/create.ts';
import type { Prisma, Promotion } from '#prisma/client/client.ts';
import { startLodestar, type Parts, type TestLodestar } from './lodestar.ts';
import { makeActor, makeProject } from './people.ts';
import { batchOf, makeStreamRow } from './streams.ts';

/*
 * A project with a stream of sales, `{ time, id, shop, cents }`, and approved real-time jobs over it, made straight in the database:
 * how a cell becomes one is tested where that is written.
 */
export interface Sales {
  lodestar: TestLodestar & { warehouse: StandingWarehouse; scheduler: RunningScheduler };
  lead: Actor;
  projectId: string;
  streamId: string;
  close(): Promise<void>;
}

export interface Sale {
  time: string;
  id: number;
  shop: string;
  cents: number;
}

export const perWindow = `SELECT shop, count(*) AS sales, sum(cents)::BIGINT AS cents
FROM sale WHERE time >= {{window_start}} AND time < {{window_end}} GROUP BY shop`;
export const eachSale = `SELECT id, time, upper(shop) AS shop, cents / 100.0 AS euros FROM sale WHERE cents > 0`;

export interface SalesOptions {
  realtime?: RealTimeOptions;
  scheduler?: SchedulerOptions;
  stream?: object;
  parts?: Parts;
}

export async function startSales({ realtime, scheduler, stream, parts }: SalesOptions = {}): Promise<Sales> {
  const lodestar = (await startLodestar({
    warehouse: (world) => createWarehouse(world),
    scheduler: (world) => startScheduler(world, { pause: () => 0, every: 1, ...scheduler }),
    realtime: (world) => startRealTime(world, { every: 0.2, ...realtime }),
    ...parts,
  })) as Sales['lodestar'];
  return { lodestar, close: () => lodestar.close(), ...(await openSales(stream)) };
}

/** A project of its own on the same server. */
export async function openSales(stream: object = {}): Promise<Pick<Sales, 'lead' | 'projectId' | 'streamId'>> {
  const lead = await makeActor({ name: 'Ada' });
  const { id: projectId } = await makeProject(lead, { timeZone: 'Europe/Berlin' });
  const columns = [
    { name: 'time', type: 'TIMESTAMP' },
    { name: 'id', type: 'BIGINT' },
    { name: 'shop', type: 'VARCHAR' },
    { name: 'cents', type: 'BIGINT' },
  ];
  const streamId = await makeStreamRow(projectId, { name: 'sale', columns, idle: 86_400, ...stream });
  return { lead, projectId, streamId };
}

/** The project that stands in a database already, and its stream. */
export async function readSales({ db }: TestLodestar): Promise<Pick<Sales, 'lead' | 'projectId' | 'streamId'> | null> {
  const stream = await db.stream.findFirst();
  if (!stream) return null;
  const { id, name, email } = await db.user.findFirstOrThrow();
  const via = { kind: 'session', id: 'test' } as const;
  return { lead: { userId: id, name, email, isAdmin: false, via }, projectId: stream.projectId, streamId: stream.id };
}

/** Sales made from a number alone: a quarter of a second on from those before; one in twelve is late, some by more than a minute. */
export function eventsOfBatch(number: number): Sale[] {
  return Array.from({ length: 7 }, (_, at) => {
    const id = number * 7 + at;
    const mixed = Math.imul(id + 1, 2_654_435_761) >>> 0;
    const behind = mixed % 12 === 0 ? 20 + (mixed % 97) : mixed % 4;
    return { ...salesAt([number / 4 - behind], { id })[0]!, shop: 'abc'[mixed % 3]! };
  });
}

export interface Asked {
  target?: string;
  sql?: string;
  kind?: 'tumbling' | 'windowless';
  seconds?: number;
  window?: PromotionSpec['window'];
  delay?: number;
  late?: object;
  start?: string;
  checks?: object[];
  timeZone?: string;
}

export function specFor(streamId: string, asked: Asked = {}): PromotionSpec {
  const { kind = 'tumbling', target = 'live_sales', seconds = 60, checks = [], timeZone = 'UTC' } = asked;
  const window = asked.window ?? { unit: 'second', size: seconds, every: seconds };
  const sql = asked.sql ?? (kind === 'tumbling' ? perWindow : eachSale);
  return PromotionSpec.parse({
    target,
    steps: [{ name: 'live', engine: 'warehouse', sql }],
    parameters: {},
    windowAs: 'timestamp',
    window: kind === 'tumbling' ? window : { unit: 'hour', size: 1 },
    schedule: '',
    realtime: { stream: streamId, kind, delay: asked.delay ?? 0, late: asked.late, start: asked.start ?? 'beginning' },
    timeZone: kind === 'tumbling' ? timeZone : 'UTC',
    checks,
  });
}

/** An approved job; it is worked on soon. */
export async function makeRealTimeJob(sales: Sales, asked: Asked = {}): Promise<string> {
  const { lodestar, projectId, lead } = sales;
  const { db } = lodestar;
  const spec = specFor(sales.streamId, asked);
  const promotion = await promote(sales, spec, 1);
  const beginning = await beginningOf(lodestar, spec);
  const dataset = await db.dataset.create({ data: { id: newId(), projectId, name: spec.target, kind: 'job' } });
  const links = { promotionId: promotion.id, datasetId: dataset.id, ownerId: lead.userId };
  const job = { id: newId(), projectId, name: spec.target, kind: 'realtime', ...links };
  await db.$transaction(async (tx) => {
    await tx.job.create({ data: job });
    await tx.promotion.update({ where: { id: promotion.id }, data: { jobId: job.id } });
    await beginLive(tx, job.id, beginning);
  });
  lodestar.realtime.wake(job.id);
  return job.id;
}

/** Approves a later version of a job. */
export async function approveNext(sales: Sales, jobId: string, asked: Asked): Promise<{ from: Date | null }> {
  const { db, now, realtime } = sales.lodestar;
  const promotion = await promote(sales, specFor(sales.streamId, asked), 2);
  const next = await db.$transaction((tx) => nextVersion(tx, jobId, promotion, now()));
  realtime.wake(jobId);
  return next;
}

async function promote({ lodestar, projectId, lead }: Sales, spec: PromotionSpec, version: number): Promise<Promotion> {
  const text = { spec: spec as unknown as Prisma.InputJsonObject, hash: await specHash(spec), state: 'approved' };
  const place = { projectId, notebookId: 'none', cellId: 'none', target: spec.target, createdBy: lead.userId };
  return lodestar.db.promotion.create({ data: { id: newId(), version, ...place, ...text } });
}

/** Sales of these seconds of an hour, of 1, 2, … cents from `id` on. */
export function salesAt(seconds: number[], { id = 0, shop = 'a' }: { id?: number; shop?: string } = {}): Sale[] {
  return seconds.map((second, index) => ({
    time: new Date(Date.UTC(2026, 10, 21, 10, 0, 0) + second * 1000).toISOString(),
    id: id + index,
    shop,
    cents: id + index + 1,
  }));
}

/** Pushes events; each call is a frame of its own when it is awaited before the next. */
export async function push(
  { lodestar, streamId }: Pick<Sales, 'lodestar' | 'streamId'>,
  sales: object[],
): Promise<void> {
  await lodestar.streams.append(streamId, batchOf(sales), 100);
}

/** Publishes the dataset `shop` of the project, again if it is there: each shop and its city. */
export async function publishShops({ lodestar, projectId }: Sales, cities: Record<string, string>): Promise<void> {
  const { db, warehouse } = lodestar;
  const path = warehouse.files.stage('parquet');
  const values = Object.entries(cities).map(([shop, city]) => `('${shop}', '${city}')`);
  await asked(`COPY (SELECT * FROM (VALUES ${values.join(', ')}) AS shop(shop, city)) TO '${path}' (FORMAT parquet)`);
  const file = await warehouse.settle(await measure(path, values.length));
  const columns = ['shop', 'city'].map((name) => ({ name, type: 'VARCHAR' }));
  const { id: datasetId } = await db.dataset.upsert({
    where: { projectId_name: { projectId, name: 'shop' } },
    create: { id: newId(), projectId, name: 'shop', kind: 'upload' },
    update: {},
  });
  const whole = { key: 'all', windowStart: null, windowEnd: null, runId: null };
  await db.$transaction((tx) => warehouse.publish(tx, { datasetId, file, columns, ...whole }));
}

/** What stands in a dataset, read with another engine straight from the manifest's files, as sorted text. */
export async function rowsIn(
  { lodestar, projectId }: Pick<Sales, 'lodestar' | 'projectId'>,
  name: string,
  columns = '*',
) {
  const dataset = await lodestar.db.dataset.findUnique({
    where: { projectId_name: { projectId, name } },
    include: { partitions: true },
  });
  if (!dataset || dataset.partitions.length === 0) return [];
  const files = dataset.partitions.map(({ file }) => `'${lodestar.warehouse.files.fromEntry(file)}'`).join(', ');
  return asked(
    `SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (SELECT ${columns} FROM read_parquet([${files}], union_by_name = true)) ORDER BY ALL`,
  );
}

async function asked(sql: string): Promise<(string | null)[][]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows() as (string | null)[][];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
