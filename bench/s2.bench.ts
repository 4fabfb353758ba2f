import { DuckDBInstance } from '@duckdb/node-api';
import { open, readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eachSale, makeRealTimeJob, openSales, push, startSales, type Sale } from '#lib/testing/realtime.ts';
import { newId } from '#lib/notebook/id.ts';
import { openChanges } from '#lib/server/data/changes.ts';
import { percentile } from './verdict.ts';
import { run } from './frame.ts';

/*
 * S2: from an event to the result that people can see. A windowless job answers for events that come one by one: from the push
 * to the moment when who listens for what is published, as pages do, is told of the version that has the row. The bare loop does what cannot be left out and nothing else: the event is appended to
 * a file and synced, parsed, put through the same SQL in an engine that is warm in this process, written as Parquet, synced, and named
 * in one transaction of the same database together with its position. p99 of each round, ms.
 */
const count = Number(process.env.S2_EVENTS ?? 150);
const everyMs = 100;

const sales = await startSales({ realtime: { every: 2 }, scheduler: { every: 5 } });
const { db } = sales.lodestar;
const folder = await mkdtemp(join(tmpdir(), 'lodestar-s2-'));
const instance = await DuckDBInstance.create();
const engine = await instance.connect();
const numbers = { next: 0 };

await run({
  name: 'S2',
  goal: { atMost: 2 },
  note: `p99 in ms of ${count} events, one every ${everyMs} ms; PGlite for both`,
  baseline: async () => {
    const log = await open(join(folder, `${newId()}.ndjson`), 'a');
    const datasetId = await newDataset();
    const measured = await paced((sale) => bareLoop(log, datasetId, sale));
    await log.close();
    return measured;
  },
  candidate: async () => {
    const mine = { ...sales, ...(await openSales()) };
    const jobId = await makeRealTimeJob(mine, { kind: 'windowless' });
    const { datasetId } = await db.job.findUniqueOrThrow({ where: { id: jobId } });
    const changes = await openChanges(mine.lead, mine.projectId);
    let pushed = 0;
    const answer = async (sale: Sale) => {
      pushed += 1;
      await push(mine, [sale]);
      do await changes.next(AbortSignal.timeout(60_000));
      while (!(await isAnswered(jobId, pushed)));
    };
    await answer(saleOf((numbers.next += 1)));
    const measured = await paced(answer);
    changes.close();
    await db.job.update({ where: { id: jobId }, data: { state: 'paused' } });
    const rows = await db.partition.aggregate({ where: { datasetId }, _sum: { rows: true } });
    return { ...measured, detail: { ...measured.detail, rows: Number(rows._sum.rows) } };
  },
});
await sales.close();
await rm(folder, { recursive: true, force: true });
process.exit(0);

async function bareLoop(log: Awaited<ReturnType<typeof open>>, datasetId: string, sale: Sale): Promise<void> {
  await log.write(`${JSON.stringify(sale)}\n`);
  await log.datasync();
  const lines = join(folder, `${sale.id}.ndjson`);
  const line = await open(lines, 'w');
  await line.write(JSON.stringify(JSON.parse(JSON.stringify(sale))));
  await line.close();
  const file = join(folder, `${sale.id}.parquet`);
  const columns = `{time: 'TIMESTAMP', id: 'BIGINT', shop: 'VARCHAR', cents: 'BIGINT'}`;
  await engine.run(`CREATE OR REPLACE TEMP TABLE sale AS SELECT * FROM read_json('${lines}', columns = ${columns})`);
  await engine.run(`COPY (${eachSale}) TO '${file}' (FORMAT parquet)`);
  const written = await open(file, 'r');
  await written.sync();
  await written.close();
  const { length } = await readFile(file);
  await db.$transaction(async (tx) => {
    const entry = { file, rows: 1, bytes: length, sha256: '' };
    await tx.partition.create({ data: { datasetId, key: String(sale.id), ...entry } });
    await tx.dataset.update({ where: { id: datasetId }, data: { version: { increment: 1 } } });
  });
}

/** Parts are put together now and then, which is told as well. */
async function isAnswered(jobId: string, events: number): Promise<boolean> {
  const { rows } = await sales.lodestar.executeSql('SELECT position FROM "LiveJob" WHERE "jobId" = $1', [jobId]);
  return Number(rows[0].position) >= events;
}

async function newDataset(): Promise<string> {
  const { projectId } = sales;
  const id = newId();
  await db.dataset.create({ data: { id, projectId, name: `bare_${id}`, kind: 'job' } });
  return id;
}

function saleOf(id: number): Sale {
  return { time: new Date().toISOString(), id, shop: 'a', cents: 1 + (id % 100) };
}

async function paced(act: (sale: Sale) => Promise<void>) {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const started = performance.now();
    await act(saleOf((numbers.next += 1)));
    times.push(performance.now() - started);
    await pause(Math.max(0, everyMs - (performance.now() - started)));
  }
  return { cost: percentile(times, 0.99), detail: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) } };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
