import type { Actor } from '#lib/server/access.ts';
import { createConnections } from '#lib/server/connections/create.ts';
import { startRun } from '#lib/server/data/run.ts';
import { startScheduler } from '#lib/server/jobs/start.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { makeJob, makeNotebook, openShop, type Jobs } from './jobs.ts';
import { dailySales, makeConnection } from './lake.ts';
import { startLodestar } from './lodestar.ts';
import { until } from './until.ts';

/*
 * A server without pages whose jobs work on a cluster until someone kills it. The first time it makes a shop and two jobs: one
 * that writes there (`there`) and one that brings the rows here (`here`). It asks for three days again and again and says when
 * one was published. Where RIVALS is set, a run in hand is now and then given to another worker though the first still works on
 * it, as when a lease runs out.
 */
const { DATA_DIR, TRINO, SCHEMA, RIVALS } = process.env;
const days = ['2026-11-18', '2026-11-19', '2026-11-20'];

const lodestar = (await startLodestar({
  dataDir: DATA_DIR!,
  config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' },
  connections: (world) => createConnections(world, { every: 1 }),
  warehouse: (world) => createWarehouse(world),
  scheduler: (world) => startScheduler(world, { embedded: true, slots: 3, attempts: 1000, pause: () => 0.2, every: 1 }),
})) as Jobs['lodestar'];
const { db, scheduler } = lodestar;

if ((await db.job.count()) === 0) await makeJobs();
const lead = await leadOf();
await askForAll();
// Each window is asked for again as soon as it stands, so that there is always something to kill.
const asking = setInterval(() => void askForAll(), 250);
if (RIVALS) setInterval(() => void giveAway(), Number(RIVALS));
process.on('SIGUSR2', () => {
  clearInterval(asking);
  void settle();
});
process.stdout.write('ready\n');
let published = 0;
for (;;) {
  const good = await db.run.count({ where: { state: 'good' } });
  if (published !== 0 && good > published) process.stdout.write(`published ${good - published}\n`);
  published = Math.max(1, good);
  await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Says when nothing waits any more. */
async function settle(): Promise<void> {
  await until(
    async () => (await db.run.count({ where: { state: { in: ['queued', 'running'] } } })) === 0,
    'every run came to an end',
    300_000,
  );
  await scheduler.idle();
  process.stdout.write('settled\n');
}

async function makeJobs(): Promise<void> {
  const shop = await openShop(lodestar);
  const connection = await makeConnection(
    { lodestar, ...shop },
    { schema: SCHEMA!, writes: `iceberg.${SCHEMA}`, url: TRINO! },
  );
  const cell = { type: 'sql', name: 'revenue', source: dailySales, engine: 'trino', connection } as const;
  const { id: notebookId } = await makeNotebook(shop.projectId, shop.lead, [cell]);
  await makeJob({ ...shop, notebookId }, { target: 'there' });
  await makeJob({ ...shop, notebookId }, { target: 'here', place: 'warehouse' });
}

async function leadOf(): Promise<Actor> {
  const { id: userId, name, email } = await db.user.findFirstOrThrow();
  return { userId, name, email, isAdmin: false, via: { kind: 'session', id: 'test' } };
}

async function askForAll(): Promise<void> {
  for (const job of await db.job.findMany()) for (const day of days) await askFor(job.id, day);
}

async function askFor(jobId: string, day: string): Promise<void> {
  const windowStart = new Date(Date.parse(`${day}T00:00:00Z`) - 3_600_000);
  const waiting = await db.run.count({ where: { jobId, windowStart, state: { in: ['queued', 'running'] } } });
  if (waiting === 0) await startRun(lead, jobId, { windowStart: day });
}

async function giveAway(): Promise<void> {
  const running = await db.run.findFirst({ where: { state: 'running', attempt: 1 }, orderBy: { startedAt: 'asc' } });
  if (!running) return;
  await db.run.updateMany({ where: { id: running.id, lease: running.lease }, data: { state: 'queued', lease: null } });
  await scheduler.enqueue(running.id);
}
