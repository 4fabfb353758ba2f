import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomFrom } from '#lib/server/warehouse/sample/random.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { KafkaSource } from '#lib/stream/source.ts';
import { startKafka, type TestKafka } from '#lib/testing/kafka.ts';
import { startLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { makeStreamRow } from '#lib/testing/streams.ts';
import { until } from '#lib/testing/until.ts';

/** Kills a Lodestar -9, at moments drawn from a seed, while records are written to what it reads. KILLS and SEED say how often and which. */

const kills = Number(process.env.KILLS ?? 4);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const partitions = 4;
const perBatch = 23;

let kafka: TestKafka;
let dataDir: string;
beforeAll(async () => {
  kafka = await startKafka();
  dataDir = await mkdtemp(join(tmpdir(), 'lodestar-kafka-kill-'));
});
afterAll(async () => {
  await kafka?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test(`after ${kills} kills every record is there once (SEED=${seed})`, { timeout: 900_000 }, async () => {
  await kafka.createTopic('sales', partitions);
  const project = await prepare();
  const producing = new AbortController();
  const produced = produceUntil(producing.signal);
  const random = randomFrom(seed);
  const ends: number[] = [];
  for (let kill = 0; kill < kills; kill++) ends.push(await readAndKill(random));
  producing.abort();
  const count = await produced;
  const lodestar = await startLodestar({
    dataDir,
    config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1', DATA_DIR: dataDir },
    warehouse: (world) => createWarehouse(world),
  });
  try {
    const { id } = await lodestar.db.stream.findFirstOrThrow();
    await lodestar.sources.start();
    await until(async () => (await lodestar.streams.live(id)).end >= count, `${count} events are there`, 120_000);
    const row = await lodestar.db.stream.findUniqueOrThrow({ where: { id } });
    await until(() => lodestar.sources.view(row)!.partitions.every(({ lag }) => lag === 0), 'all is read', 60_000);
    const { sales } = await lodestar.streams.relations(project, ['sales']);
    const sql = `SELECT count(*)::INT AS n, count(DISTINCT id)::INT AS ids, min(id)::INT AS first, max(id)::INT AS last,
      list(total ORDER BY shop)::INT[] AS totals
      FROM (SELECT *, sum(amount) OVER (PARTITION BY shop) AS total FROM sales)`;
    const [found] = await rowsOf(lodestar, sql, sales!);
    expect({ ...found, totals: [...new Set(found!.totals as Iterable<number>)] }).toEqual({
      n: count,
      ids: count,
      first: 0,
      last: count - 1,
      totals: expectedTotals(count),
    });
    expect((await lodestar.streams.live(id)).deadLetters).toBe(0);
    const read = Object.values(await lodestar.streams.partsRead(id));
    expect(read.reduce((sum, { offset }) => sum + offset, 0)).toBe(count);
    expect(ends.at(-1), 'it came further between kills').toBeGreaterThan(0);
  } finally {
    await lodestar.close();
  }
});

/** The project, its stream and its source, in the database that is read by those who are killed. */
async function prepare(): Promise<string> {
  const maker = await startLodestar({ dataDir, config: { DATA_DIR: dataDir } });
  const project = (await makeProject(await makeActor())).id;
  const id = await makeStreamRow(project, { name: 'sales', key: [] });
  const source = KafkaSource.parse({ kind: 'kafka', brokers: kafka.brokers, topic: 'sales' });
  await maker.db.stream.update({ where: { id }, data: { source } });
  await maker.close();
  return project;
}

const saleOf = (id: number) => ({ time: '2026-11-21T09:00:00Z', id, shop: id % 7, amount: (id * 31) % 1000 });

function expectedTotals(count: number): number[] {
  const totals = Array.from({ length: 7 }, () => 0);
  for (let id = 0; id < count; id++) totals[id % 7]! += saleOf(id).amount;
  return totals;
}

/** Writes records until told to end; gives how many. */
async function produceUntil(signal: AbortSignal): Promise<number> {
  let next = 0;
  while (!signal.aborted) {
    const records = Array.from({ length: perBatch }, (_, at) => ({
      value: { ...saleOf(next + at), pad: 'x'.repeat((next * 13) % 300) },
      partition: (next + at) % partitions,
    }));
    await kafka.produce('sales', records, next % 2 ? 'lz4' : 'none');
    next += perBatch;
  }
  return next;
}

/** Kills it when it has said so many times that its log grew; gives the last that it said. */
async function readAndKill(random: () => number): Promise<number> {
  const child = spawn(process.execPath, ['lib/testing/kafka-process.ts', dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const gone = once(child, 'exit');
  let left = 1 + Math.floor(random() * 25);
  let end = 0;
  for await (const line of createInterface(child.stdout)) {
    const found = /^end (\d+)$/.exec(line);
    if (!found) continue;
    end = Number(found[1]);
    if (--left === 0) child.kill('SIGKILL');
  }
  await gone;
  expect(left, complaint).toBeLessThanOrEqual(0);
  return end;
}

type Lodestar = Awaited<ReturnType<typeof startLodestar>>;

async function rowsOf(lodestar: Lodestar, source: string, sales: Awaited<ReturnType<Lodestar['streams']['slice']>>) {
  const rows: Record<string, unknown>[] = [];
  const inputs = { parameters: {}, relations: { sales } };
  for await (const event of lodestar.warehouse.kernel.run({ name: 'x', source }, inputs, {
    signal: AbortSignal.timeout(60_000),
  })) {
    if (event.type === 'failed') throw new Error(JSON.stringify(event.error));
    if (event.type === 'batch') rows.push(event.batch.get(0)!.toJSON() as Record<string, unknown>);
  }
  return rows;
}
